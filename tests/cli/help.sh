# SPDX-License-Identifier: MIT
# --help is one page on standard output, and wins over whatever stands behind it.
giflow --help
giflow --version
giflow -r 45 --help --nonsense | head -n 1
