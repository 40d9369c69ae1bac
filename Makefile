# Two commands are for everybody: make try, make test. They install what is missing.

GO    ?= go
BIN   := bin/covetsql
SHOP  := examples/bookshop
# Packages whose code runs in parallel.
RACE  := ./compiler ./compiler/source ./compiler/codegen/... ./compiler/dialect/mysql ./analyzer/... ./runtime/...

export CGO_ENABLED := 1

# The long search for wrong answers: random queries per server, and the seed that they come from.
TRUTH_QUERIES := postgresql=200000 sqlite=100000 mysql=50000 mariadb=50000
TRUTH_SEED    ?= 1

.PHONY: try test tools servers build generate rules vet race golden bench bench-generated fuzz truth clean

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

# The list of vet's rules and docs/rules, from the folders of the rules.
rules: tools
	$(GO) run ./internal/gen/rules
	$(GO) run ./internal/gen/ruledocs

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

# What is generated beside sqlc's code, drivers by hand, gorm, bun and ent, on one server: tables for docs/performance.md.
bench-generated: servers
	cd internal/speed/bench && $(GO) test -count=1 -timeout 60m -run 'TestAllGiveTheSame|TestTable' -table

# Holds the compiler's answers against the servers for a night: random queries, then those of
# real projects and their mutants, many times each. Findings are printed as small cases.
truth: servers
	$(GO) build -o bin/covetsql-truth ./internal/covetsql-truth
	@failed=0; for run in $(TRUTH_QUERIES); do \
		bin/covetsql-truth -quiet -language $${run%=*} -queries $${run#*=} -seed $(TRUTH_SEED) || failed=1; \
	done; \
	COVETSQL_TRUTH_TRIES=25 COVETSQL_TRUTH_MUTANTS=6 $(GO) test -count=1 -timeout 2h -run 'TruthOf[^R]|TruthOfReal|AcceptanceByTheEngine' ./compiler || failed=1; \
	exit $$failed

# Each fuzz target for a short while.
fuzz: tools
	@for pkg in $$($(GO) list ./compiler/... ./runtime/...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 20s $$pkg || exit 1; \
		done; \
	done

clean:
	rm -rf bin
