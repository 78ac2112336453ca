# Flowpane. `make run` and `make test` are all that a newcomer needs.

# No bounds checks in the machine-translated SQLite alone, as in C: the engine
# is a quarter smaller and reaches full speed in half the time. Host tests and
# fuzzing keep them; the tests with damaged databases run on both.
SQLITE_FLAGS := -gcflags='github.com/ncruces/go-sqlite3-wasm/v6=-B'
# Nothing is inlined into what runs once a message, not once a flow, nor into what
# speaks to the document, which costs more: that takes 0.1 MB off the page in one file.
COLD := flowpane/proto/viewerpb flowpane/viewer/api flowpane/viewer/bundle flowpane/viewer/diff flowpane/viewer/export flowpane/viewer/link flowpane/viewer/schema flowpane/viewer/seal flowpane/viewer/ui \
	archive/... crypto/... encoding/csv encoding/json encoding/pem fmt github.com/dlclark/regexp2/syntax golang.org/x/text/... honnef.co/... html math/big net/... reflect regexp/syntax
# A binary depends on its sources alone: stamped with the commit it would have
# another name, and be sent again, after each.
WASM := GOOS=js GOARCH=wasm GOWASM= GOEXPERIMENT= GOFLAGS= go build -trimpath -buildvcs=false -ldflags='-s -w' $(COLD:%=-gcflags='%=-l')
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# 5 takes seconds, 11 a minute: see `make dist`.
QUALITY ?= 5
# How long each fuzz target runs, and which of them: a regex of package and name.
FUZZTIME ?= 10s
FUZZ ?= .
# The packages in which several goroutines work on the same, without tests that
# go through much by one of them: those take minutes under the race detector.
RACE := ./cmd/serve ./viewer/api ./viewer/blob ./viewer/engine ./viewer/screen ./viewer/seal ./viewer/store ./viewer/view
# The tests with databases that are damaged, cut, or made by somebody hostile.
DAMAGED := ^Test(Damage|PackedDamage|Cut|Hostile|Defen|ValueTooLong|ManyTables|BadReferences|Refused|Oddities|HotJournal|OpenRefused|Foreign|TooLarge|Later)
ONE_BY_ONE := ^Test(SaveRedacted|Damaged.*|ManyOf.*|Sealed.*|Filters|PackedSessions.*|OverviewTerms|InlineCorpus|SavedSessions.*|Terms|Search)$$

.PHONY: help
help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

.PHONY: run
run: build ## build everything and serve the viewer with the sample session open
	go run ./cmd/serve -open static/samples/shop.mitm

.PHONY: build
build: licenses ## build the binaries and the page into static/dist
	@mkdir -p build
	$(WASM) -o build/page.wasm ./wasm/page
	$(WASM) $(SQLITE_FLAGS) -o build/engine.wasm ./wasm/engine
	$(WASM) $(SQLITE_FLAGS) -o build/whole.wasm ./wasm/whole
	go run ./static/pack -wasm build -quality $(QUALITY)

.PHONY: licenses
licenses: ## write the notice with the licences of all that is linked, which bundles carry
	@go run ./static/licenses -o build/NOTICE.txt

.PHONY: dist
dist: QUALITY = 11
dist: build ## make build/dist, a folder for any static host: the same sources make the same bytes
	rm -rf build/dist
	go run ./static/pack -wasm build -release build/dist
	@cat build/dist/VERSION

.PHONY: test
test: build chromium ## run every test, those in a real browser too
	go test $(SQLITE_FLAGS) -run '$(DAMAGED)' ./viewer/session/sessiondb ./viewer/store
	go test $$(go list ./... | grep -v '^flowpane/wasm/e2e$$')
	cd wasm/e2e && go test -timeout 20m # from within, so that it says what it visited

.PHONY: test-browser
test-browser: build chromium ## run the tests in a real browser alone
	cd wasm/e2e && go test -count=1 -timeout 20m

# The browser tests need Chromium. Where it is missing it is installed, if that
# is possible without asking anybody.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	test -n "$$CHROMIUM" || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'The browser tests need Chromium: installing the package chromium.'; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else \
		echo 'The browser tests need Chromium: install the package chromium, or name one in $$CHROMIUM.' >&2; exit 1; \
	fi

.PHONY: lint
lint: ## check formatting, vet, staticcheck, go.mod and generated code
	@unformatted=$$(gofmt -l cmd proto static viewer wasm); \
	if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted" >&2; exit 1; fi
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./...
	GOBIN='$(CURDIR)/build' go install $(STATICCHECK)
	build/staticcheck ./...
	GOOS=js GOARCH=wasm build/staticcheck ./...
	go mod tidy -diff
	go generate ./proto ./static/samples
	git diff --exit-code -- proto static/samples

.PHONY: generate
generate: ## write the generated code and the sample session anew
	go generate ./proto ./static/samples

.PHONY: size
size: build ## fail if a binary, or the page in one file, is over its budget
	go run ./static/pack -size -wasm build

.PHONY: bench
bench: build chromium ## measure natively and in a real browser: a table, and build/bench.json
	{ go test -run '^$$' -bench . ./proto/... ./viewer/...; \
	  go test -run '^$$' -bench . -benchtime 3x -timeout 1h ./wasm/e2e; } | go run ./wasm/e2e/benchtable build/bench.json

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME, or those that FUZZ matches
	@.ci/fuzz $(FUZZTIME) '$(FUZZ)'

.PHONY: race
race: ## run the tests of what works at once under the race detector, which needs a C compiler
	CGO_ENABLED=1 go test -race -skip '$(ONE_BY_ONE)' $(RACE)

.PHONY: vuln
vuln: ## look for known vulnerabilities in what is linked, if their database can be reached
	@.ci/vuln

.PHONY: clean
clean: ## remove what was built
	rm -rf build
	find static/dist -mindepth 1 ! -name .gitkeep -delete
