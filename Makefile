# Two commands are for everybody: make try, make test. They install what is missing.

GO    ?= go
BIN   := bin/covetsql
SHOP  := examples/bookshop
# Packages whose code runs in parallel.
RACE  := ./compiler ./compiler/source ./compiler/codegen/... ./compiler/dialect/mysql

export CGO_ENABLED := 1

.PHONY: try test tools servers build generate vet race golden bench fuzz clean

# Builds covetsql, generates the bookshop's Go from its SQL, shows both side by side, runs it.
try: build
	$(BIN) generate -f $(SHOP)/covetsql.yaml
	$(GO) run ./$(SHOP)/beside
	$(GO) run ./$(SHOP)

# Fetches the database servers that are missing, then runs every test.
test: servers vet
	$(GO) test -timeout 20m ./... ./testdata/golden/...
	$(GO) test -timeout 20m -race $(RACE)

tools:
	@internal/setup/tools.sh

# A server that can not be had is no reason to stop: its tests are skipped and say so.
servers: tools
	-$(GO) run ./internal/testkit/install

build: tools
	$(GO) build -o $(BIN) ./cmd/covetsql

generate: build
	$(BIN) generate -f $(SHOP)/covetsql.yaml

vet: tools
	$(GO) vet ./...
	@if [ -d testdata/golden ]; then $(GO) vet ./testdata/golden/...; fi

race: tools
	$(GO) test -race $(RACE)

# Writes the expected files of all tests anew; read the difference before committing it.
golden: servers
	$(GO) test ./... -update

bench: tools
	$(GO) test -run '^$$' -bench . ./compiler/...

# Each fuzz target for a short while.
fuzz: tools
	@for pkg in $$($(GO) list ./compiler/...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 20s $$pkg || exit 1; \
		done; \
	done

clean:
	rm -rf bin
