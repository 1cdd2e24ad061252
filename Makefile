# The daily commands. CI runs the same ones, see .ci/run.

.PHONY: test race lint bench generate fuzz tidy

test: ## the whole suite of all modules
	go test work

race: ## the packages that share state between goroutines
	go test -race . ./oauth ./tokenstore/... ./policy ./gateway ./gateway/connect ./gateway/pgaudit ./pace/pgpace ./webhook ./sandbox/... ./catalog

lint:
	gofmt -l $$(git ls-files '*.go') | tee /dev/stderr | (! read -r _)
	go vet work
	for module in $$(go list -m -f "{{.Dir}}"); do (cd "$$module" && golangci-lint run ./...) || exit 1; done

bench:
	go test -run '^$$' -bench . ./bench

generate: ## the typed operations, the catalogue, the list of the API, and what the command makes of them
	go generate ./...
	cd cmd/ttshop && go generate ./...
	go run ./internal/apilist

fuzz: ## every fuzz target for FUZZTIME
	.ci/fuzz $(or $(FUZZTIME),10s)

tidy: ## the nested modules ask for a release of the SDK, so tidy needs the tree
	go mod tidy
	.ci/tidy
