# SPDX-License-Identifier: MIT
# A signal ends the run by that signal and leaves nothing; an ignored one stays ignored.
exec 2>/dev/null # where some shells tell how a job ended
mkfifo pipe
# shellcheck disable=SC3045 # dash and bash both have it
ulimit -c 0 # SIGQUIT and SIGXCPU would leave a core
for signal in INT TERM HUP QUIT ALRM XCPU; do
    # a shell has background jobs ignore SIGINT and SIGQUIT, nohup has all ignore SIGHUP: env undoes that
    env --default-signal=$signal giflow pipe out.gif 2>>log &
    exec 3>pipe
    printf 'P2 2 1 255 0' >&3
    sleep 0.2
    kill -s $signal $!
    wait $!
    echo "exit $?"
    exec 3>&-
done
(
    trap '' HUP
    giflow pipe out.gif 2>>log &
    exec 3>pipe
    printf 'P2 2 1 255 0' >&3
    sleep 0.2
    kill -s HUP $!
    printf ' 255\n' >&3
    exec 3>&-
    wait $!
    echo "exit $?"
)
cat log
ls -A
