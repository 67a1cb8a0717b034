# giflow: GNU make. Objects go to $(B); a user's CFLAGS never remove our warnings.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
INSTALL ?= install
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
B ?= build

VERSION := 0.1.0
LIBS := libpng libjpeg zlib
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
        -Wpointer-arith -Wwrite-strings
ifneq ($(WERROR),)
WARN += -Werror
endif

# what must be there for any build, whatever flags the user set
OUR_CFLAGS := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DVERSION='"$(VERSION)"' -Isrc $(WARN) \
              $(shell $(PKG_CONFIG) --cflags $(LIBS))
OUR_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBS)) -lgif -lm

SRC := $(sort $(wildcard src/*/*.c src/*/*/*.c))
OBJ := $(SRC:src/%.c=$(B)/%.o)
MAIN := $(B)/cli/main.o
LIB_OBJ := $(filter-out $(MAIN),$(OBJ))

UNIT := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(B)/tests/%)

## all: build giflow
all: $(B)/giflow

$(B)/giflow: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(OUR_LIBS) $(LDLIBS)

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

## check-unit: the cmocka tests
check-unit: $(UNIT_BIN)
	@for t in $(UNIT_BIN); do echo "== $${t##*/}"; $$t || exit 1; done

## clean: remove what was built
clean:
	rm -rf $(B) build-*

-include $(OBJ:.o=.d) $(UNIT_BIN:=.d)

.PHONY: all check-unit clean
