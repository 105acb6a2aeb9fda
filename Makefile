# make run: install what is missing, build, start the demo. make test: all linters and tests.
TAGS    := x11,migrated_fynedo,no_emoji
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X infomat/terminal.Version=$(VERSION)
SOURCES := $(shell find . -path ./build -prune -o \( -name '*.go' -o -name '*.toml' -o -name '*.json' -o -name '*.svg' \
	-o -name '*.ttf' -o -name '*.txt' -o -name '*.html' \) -print) go.mod go.sum
# Everything is built with -trimpath, so that the tests and the linters use what was built for the program.
export GOFLAGS := -buildvcs=false -trimpath

.PHONY: run test bench soak fuzz mutate lint build setup pictures gallery deb test-package test-deb test-usb \
	test-monitoring test-machine test-machine-short test-machine-open

run: build
	@scripts/run.sh build/infomat

build: setup build/infomat build/registrysim

build/infomat: $(SOURCES)
	@echo "building (the first time takes some minutes)" >&2
	@go build -tags $(TAGS) -ldflags "$(LDFLAGS)" -o $@ ./cmd/infomat

# The program of the package: position-independent, with all of its symbols bound at the start and read-only then. It
# needs a second build of the toolkit's C parts, so developers have the plain one.
build/hardened/infomat: $(SOURCES)
	@go build -buildmode=pie -tags $(TAGS) \
		-ldflags "$(LDFLAGS) -linkmode=external -extldflags '-Wl,-z,relro,-z,now'" -o $@ ./cmd/infomat

# The commands without a screen, under the race detector, for the tests.
build/headless: $(SOURCES)
	@go build $(RACE) -o $@ ./cmd/infomat/headless

build/registrysim: $(SOURCES)
	@go build -ldflags "-s -w" -o $@ ./cmd/registrysim

# The race detector does not watch the hashing of PINs inside the library: that took five times as long, and shares
# nothing.
RACE := -race -gcflags golang.org/x/crypto/argon2=-race=false

# The packages without Fyne. The one whose tests take longest begins.
WITHOUT_FYNE = $$(go list ./terminal ./... | grep -vE 'infomat/(cmd/infomat$$|ui(/|$$))')

# The packages without Fyne run under the race detector; those with it run in a real window of a virtual display, in the
# program as it is shipped. No test may rest on UTC. Most tests wait more than they compute, so there are three packages
# at a time on two cores. The linters have vetted all.
test: export TZ := Asia/Yekaterinburg
test: build build/headless lint
	go test $(RACE) -vet off -p $$(($$(nproc) + 1)) -timeout 15m $(WITHOUT_FYNE)
	INFOMAT=$(CURDIR)/build/infomat INFOMAT_HEADLESS=$(CURDIR)/build/headless scripts/window-tests.sh $(TAGS)

lint: setup
	@scripts/lint.sh $(TAGS)

bench: build
	go test -run '^$$' -bench . -benchmem $(WITHOUT_FYNE)
	INFOMAT=$(CURDIR)/build/infomat scripts/xvfb.sh go test -tags $(TAGS) -timeout 30m -run '^$$' -bench . -benchtime 5x \
		./cmd/infomat
	INFOMAT=$(CURDIR)/build/infomat scripts/xvfb.sh go test -run '^$$' -bench Restart -benchtime 5x ./terminal

# Long runs: tickets with random faults and restarts (none lost, none doubled, none wrongly reported as printed), and
# restarts at all bytes of whole tickets; ROUNDS sequences of
# starts with random faults, each of which may end by kill -9; then keys that are held for a minute and ten minutes of
# frantic fingers in a real window, and VISITS visits.
ROUNDS  ?= 400
VISITS  ?= 2000
soak: build
	INFOMAT_TICKETS=10000 go test -run TestManyTicketsWithFaults -v -timeout 2h ./device
	INFOMAT_EVERY_BYTE=1 go test -run '^(TestRestart|TestAutomaticStatus|TestLineCut|TestSwapped|TestBytesLost)' -timeout 12h ./device
	INFOMAT_CRASH_ROUNDS=$(ROUNDS) go test -timeout 0 -v -run '^(TestWeather|TestKilledAtEveryRecord)$$' ./terminal
	INFOMAT_HELD=65s INFOMAT_FRANTIC=10m scripts/xvfb.sh go test -tags $(TAGS) -timeout 30m -v \
		-run '^TestWindow(KeysHeldForLong|FranticFingers)$$' ./cmd/infomat
	INFOMAT=$(CURDIR)/build/infomat INFOMAT_SOAK_VISITS=$(VISITS) INFOMAT_SOAK_OUT=$(CURDIR)/build/soak \
		scripts/xvfb.sh go test -tags $(TAGS) -timeout 0 -v -run '^TestSoak$$' ./cmd/infomat
	@echo "the plot over the visits is build/soak/soak.png"

# The Debian package. Its version is the program's, with the number of commits and the commit appended.
COMMITS     := $(shell git rev-list --count HEAD 2>/dev/null || echo 0)
COMMIT      := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)
DEB_VERSION := $(shell sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)~git$(COMMITS).$(COMMIT)

# It is reproducible: the same commit gives the same bytes. INFOMAT_SIGNING_KEY names a file with a PGP key to sign it
# with, NFPM_PASSPHRASE is the key's.
deb: setup build/hardened/infomat
	@packaging/build.sh $(DEB_VERSION) $(TAGS)

# Checks the package without installing it: that it is hardened, complete, and the same when it is built again.
test-package: deb
	packaging/check.sh $(DEB_VERSION) $(TAGS)

# A Prometheus server (Debian's package prometheus) scrapes a running terminal; its alerts have to fire.
test-monitoring: build
	scripts/xvfb.sh packaging/monitoring/test.sh

# Installs, starts, upgrades, removes and purges the package in a clean Debian, as root. The first run creates that
# Debian under build/.
test-deb: test-package build/registrysim
	packaging/test.sh $(DEB_VERSION)

# USB printers against Linux's own driver, in a virtual machine with Debian's kernel: its gadget driver plays the
# printer, and udev gives it the names of the package's rule. Two minutes.
test-usb:
	scripts/test-usb.sh

# The package on a whole machine, as root: Debian's kernel, udev, systemd and Xorg in QEMU, with keys, taps, cables and
# power cuts. About 25 minutes on two cores; the short form takes at most 8. The first run makes a Debian under build/.
test-machine: deb
	packaging/machine/test.sh whole build/infomat_$(DEB_VERSION)_*.deb build/infomat-lockdown_$(DEB_VERSION)_*.deb

test-machine-short: deb
	packaging/machine/test.sh short build/infomat_$(DEB_VERSION)_*.deb build/infomat-lockdown_$(DEB_VERSION)_*.deb

# Takes the protections away one by one, and sees that the attack on each then comes through.
test-machine-open: deb
	packaging/machine/test.sh open build/infomat_$(DEB_VERSION)_*.deb build/infomat-lockdown_$(DEB_VERSION)_*.deb

# The README's pictures.
pictures: build
	@scripts/pictures.sh build/infomat

# Every fuzz target in turn, FUZZTIME each. Failing inputs are kept as seeds under testdata/fuzz.
FUZZTIME := 2m
fuzz: setup
	@for p in $(WITHOUT_FYNE); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$f in $$p" && go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
		done; \
	done

# Mutation tests: prints the surviving mutants, and the share killed for each package. Half an hour on two cores.
mutate: setup
	@scripts/mutate.sh

# Every screen in every state, as pictures and as contact sheets, in build/gallery.
gallery: setup
	@rm -rf build/gallery
	go test -tags $(TAGS) -count 1 -run '^TestGallery$$' -timeout 15m ./ui/screens -gallery $(CURDIR)/build/gallery

setup:
	@scripts/setup.sh
