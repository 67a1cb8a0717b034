# giflow: GNU make. Objects go to $(B); a user's CFLAGS never remove our warnings.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
INSTALL ?= install
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
B ?= build
export B

VERSION := 0.1.0
LIBS := libpng libjpeg zlib
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
        -Wpointer-arith -Wwrite-strings
ifneq ($(WERROR),)
WARN += -Werror
endif

# what must be there for any build, whatever flags the user set
# -ffp-contract=off: fused operations would make pixels depend on the machine
OUR_CFLAGS := -std=gnu11 -ffp-contract=off -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DVERSION='"$(VERSION)"' -Isrc $(WARN) \
              $(shell $(PKG_CONFIG) --cflags $(LIBS))
# -z now: bound one by one, functions would bring the dynamic linker back into memory all the time
OUR_LDFLAGS := -Wl,-z,now
OUR_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBS)) -lgif -lm

SRC := $(sort $(wildcard src/*/*.c src/*/*/*.c))
OBJ := $(SRC:src/%.c=$(B)/%.o)
LIB_OBJ := $(filter-out $(B)/cli/main.o,$(OBJ))

UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/%,$(sort $(wildcard tests/tools/*.c)))
BENCH := $(patsubst tests/bench/%.c,$(B)/bench/%,$(sort $(wildcard tests/bench/*.c))) $(B)/tests/measure
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
# what calls a fuzz target: a main that replays files, or libFuzzer
FUZZ_MAIN ?= tests/fuzz/replay.c

SANITIZE := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all

## all: build giflow
all: $(B)/giflow

$(B)/giflow: $(OBJ)
	$(CC) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(OUR_LIBS) $(LDLIBS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libgiflow.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/tests/%: tests/unit/%.c $(B)/libgiflow.a
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) -Itests/unit $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(B)/libgiflow.a \
	    $(OUR_LIBS) -lcmocka $(LDLIBS)

$(B)/tests/%: tests/tools/%.c
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(OUR_LIBS) $(LDLIBS)

# without libraries, so that it stays smaller than what it measures
$(B)/tests/measure: tests/tools/measure.c
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

# Wuffs is one file of C that nobody packages: make bench-encoder WUFFS=FILE. Its warnings are its own.
ifneq ($(WUFFS),)
$(B)/bench/libwuffs.so: tests/bench/peers/wuffs.c $(WUFFS)
	@mkdir -p $(@D)
	$(CC) -O2 -w -DWUFFS='"$(abspath $(WUFFS))"' -fPIC -shared -o $@ $<

$(B)/bench/lzw: $(B)/bench/libwuffs.so
$(B)/bench/lzw: WITH := -DWUFFS $(abspath $(B)/bench/libwuffs.so)
endif

$(B)/bench/%: tests/bench/%.c $(B)/libgiflow.a
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(WITH) $(B)/libgiflow.a $(OUR_LIBS) $(LDLIBS)

$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/target.h $(B)/libgiflow.a
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(B)/libgiflow.a \
	    $(OUR_LIBS) $(LDLIBS)

RUN_UNIT = result=0; for t in $(UNIT); do echo "== $${t\#\#*/}"; $$t || result=1; done; exit $$result

## check: all tests, one after another; the corpus only where there is one
check: $(B)/giflow $(UNIT) $(FUZZ) $(TOOLS)
	tests/check-layers.sh
	tests/check-help.sh
	tests/check-examples.sh
	tests/check-readme.sh
	@$(RUN_UNIT)
	tests/check-fuzz.sh
	tests/check-readers.sh
	tests/check-animations.sh
	tests/corpus/run.sh
	tests/run.sh

## check-unit: only the cmocka tests
check-unit: $(UNIT)
	@$(RUN_UNIT)

## check-cli: only the command-line cases of tests/cli
check-cli: $(B)/giflow $(TOOLS)
	tests/run.sh

## asan: all tests under AddressSanitizer and UndefinedBehaviorSanitizer, in build-asan
asan:
	GIFLOW_SLOW=10 GIFLOW_WIDE=20 \
	    $(MAKE) B=build-asan CFLAGS="$(SANITIZE) -fsanitize=address,undefined" check

## fuzz: build the fuzz targets with clang's libFuzzer, in build-fuzz/fuzz
fuzz:
	$(MAKE) B=build-fuzz CC=clang FUZZ_MAIN=-fsanitize=fuzzer fuzz-targets \
	    CFLAGS="$(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined"

fuzz-targets: $(FUZZ)

## bench: speed, memory and bytes beside the other tools that are installed
bench: $(B)/giflow $(BENCH)
	tests/bench/run.sh

## bench-encoder: bytes, CPU time and memory of GIFs of the same pixels beside other encoders
bench-encoder: $(B)/giflow $(BENCH)
	tests/bench/encoder.sh

## bench-lossy: bytes of --lossy beside gifsicle's at equal PSNR and SSIM
bench-lossy: $(B)/giflow $(BENCH)
	tests/bench/lossy.sh

## bench-animation: bytes, CPU time and memory of moving GIFs beside gifsicle
bench-animation: $(B)/giflow $(BENCH)
	tests/bench/animations.sh

## bench-video: quality, bytes, CPU time and memory of video to GIF beside FFmpeg and gifski
bench-video: $(B)/giflow $(BENCH)
	tests/bench/video.sh

## bench-color: how well colors are reduced, and how fast, beside other tools
bench-color: $(B)/giflow $(BENCH)
	tests/bench/color.sh

## lint: what clang-format, cppcheck, shellcheck and mandoc have to say
lint:
	tests/lint.sh

## install: to DESTDIR, PREFIX, BINDIR, MANDIR
install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 755 $(B)/giflow $(DESTDIR)$(BINDIR)/giflow
	$(INSTALL) -m 644 man/giflow.1 $(DESTDIR)$(MANDIR)/man1/giflow.1

## uninstall: the reverse
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/giflow $(DESTDIR)$(MANDIR)/man1/giflow.1

## dist: giflow-VERSION.tar.gz of what is committed
dist:
	git archive --prefix=giflow-$(VERSION)/ -o giflow-$(VERSION).tar.gz HEAD

## distcheck: build, test, install and uninstall from that
distcheck: dist
	rm -rf build-dist && mkdir build-dist
	tar -C build-dist -xzf giflow-$(VERSION).tar.gz
	$(MAKE) -C build-dist/giflow-$(VERSION) B=build check
	$(MAKE) -C build-dist/giflow-$(VERSION) B=build DESTDIR=$(CURDIR)/build-dist/root install uninstall
	test -z "$$(find build-dist/root -type f)"
	rm -rf build-dist

## clean: remove what was built
clean:
	rm -rf $(B) build-asan build-fuzz build-dist giflow-$(VERSION).tar.gz

## help: this list
help:
	@sed -n 's/^## //p' Makefile

-include $(OBJ:.o=.d) $(UNIT:=.d)

.PHONY: all check check-unit check-cli asan fuzz fuzz-targets bench bench-encoder bench-lossy bench-animation \
        bench-video bench-color lint \
        install uninstall dist distcheck clean help
