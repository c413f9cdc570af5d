# Everything a developer does here, by name: `make help` lists it.
# The tools are built into .tools of this folder, at exactly these versions.

STATICCHECK   := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT       := mvdan.cc/gofumpt@v0.12.0
APIDIFF       := golang.org/x/exp/cmd/apidiff@v0.0.0-20261014143641-f0251eb4aa3e
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

TOOLS := $(CURDIR)/.tools
# Each go.mod is a module of its own; go.work joins them for the go command.
MODULES := $(patsubst %/go.mod,%,$(wildcard go.mod */go.mod */*/go.mod))
MODULES := . $(filter-out go.mod,$(MODULES))

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## draw the alarm's board and play a script: no account, no board, ends by itself
	@go run ./examples/pialarm -demo

.PHONY: test
test: ## run all tests twice, with the race detector
	@set -e; for module in $(MODULES); do echo "# test $$module"; (cd $$module && go test -race -count=2 ./...); done
	go test ./activity/diff ./internal/sim # thousands of worlds, for which the detector is too slow

.PHONY: check
check: format vet staticcheck tidy apidiff ## all checks that need no network access once the tools are built

.PHONY: format
format: $(TOOLS)/gofumpt
	@unformatted=$$($(TOOLS)/gofumpt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted by gofumpt:"; echo "$$unformatted"; exit 1; fi

.PHONY: vet
vet: # also for the systems and word sizes that the code promises to run on
	@set -e; for module in $(MODULES); do for target in "" GOOS=windows GOOS=darwin "GOARCH=386 CGO_ENABLED=0"; do \
		echo "$$target go vet, $$module"; (cd $$module && env $$target go vet ./...); done; done
	cd examples && go vet -tags hardware ./...
	cd examples/picow && go vet -tags hardware ./...

.PHONY: staticcheck
staticcheck: $(TOOLS)/staticcheck
	@set -e; for module in $(MODULES); do (cd $$module && $(TOOLS)/staticcheck ./...); done
	@cd examples && $(TOOLS)/staticcheck -tags hardware ./...
	@cd examples/picow && $(TOOLS)/staticcheck -tags hardware ./...

.PHONY: tidy
tidy: # each module alone, as those who depend on it see it
	@set -e; for module in $(MODULES); do (cd $$module && GOWORK=off go mod tidy -diff); done

.PHONY: apidiff
apidiff: $(TOOLS)/apidiff
	@TOOLS=$(TOOLS) ./.ci/apidiff

.PHONY: sim
sim: ## compare ways to tail the log, in simulation; docs/tailing.md has the result
	@go run ./internal/sim/simtable

.PHONY: pialarm
pialarm: ## build the alarm for Raspberry Pis into bin/: static, for arm64 and armv6
	cd examples && GOWORK=off CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -ldflags='-s -w' -o ../bin/pialarm-arm64 ./pialarm
	cd examples && GOWORK=off CGO_ENABLED=0 GOOS=linux GOARCH=arm GOARM=6 go build -trimpath -ldflags='-s -w' -o ../bin/pialarm-armv6 ./pialarm

# What TinyGo has to know of the Pico's chip, where it is not installed already.
export SVD ?= $(abspath $(wildcard ../shared/rp2040.svd.xz))

.PHONY: picow
picow: ## build the firmware for the Raspberry Pi Pico W: bin/picow.uf2
	@./examples/picow/build

.PHONY: tinygo
tinygo: ## compile the small packages for a microcontroller and test them on an emulated one
	@./internal/tinygo/run

.PHONY: hardware
hardware: ## test the alarms on emulated boards, watched from outside (installs the emulators on Debian)
	@cd examples/pialarm/hardware && go test -tags hardware -count=1
	@./examples/picow/emulator/run || [ $$? = 77 ] # which says what is missing

.PHONY: hardware-mutants
hardware-mutants: ## check that these tests notice faults of the alarm
	@cd examples/pialarm/hardware && MUTANTS=1 go test -tags hardware -count=1 -run 'TestMutants$$'

.PHONY: bench
bench: ## compare with other decoders, into the tables of docs/performance.md (some minutes)
	GOWORK=off go -C internal/bench run ./cmd/compare -update ../../docs/performance.md

.PHONY: benchstat
benchstat: ## measure; the lines can be given to benchstat
	@set -e; for module in $(MODULES); do (cd $$module && go test -run '^$$' -bench . -count 6 ./...); done

FUZZTIME ?= 30s
.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (30s; 1000000x means a million inputs)
	@set -e; for file in $$(git ls-files '*_test.go' | xargs grep -l '^func Fuzz'); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' $$file); do \
			echo "# $$target in $$(dirname $$file)"; \
			(cd $$(dirname $$file) && go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x .); \
		done; done

.PHONY: lint
lint: $(TOOLS)/golangci-lint ## the long list of linters (the first build of the tool takes minutes)
	@set -e; for module in $(MODULES); do (cd $$module && $(TOOLS)/golangci-lint run --build-tags hardware ./...); done

.PHONY: generate
generate: ## write the generated files anew
	go generate ./...

$(TOOLS)/staticcheck:   ; GOBIN=$(TOOLS) go install $(STATICCHECK)
$(TOOLS)/gofumpt:       ; GOBIN=$(TOOLS) go install $(GOFUMPT)
$(TOOLS)/apidiff:       ; GOBIN=$(TOOLS) go install $(APIDIFF)
$(TOOLS)/golangci-lint: ; GOBIN=$(TOOLS) go install $(GOLANGCI_LINT)
