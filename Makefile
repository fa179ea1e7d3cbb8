.PHONY: check test mutants fuzz bench golden demo
LINT = go tool -modfile=tools/go.mod golangci-lint
check: ; $(LINT) fmt --diff && go vet ./... && $(LINT) run ./... && go test -short ./...
test:  ; go test -race -shuffle=on ./...
mutants: ; go run -C tools ./mutants
fuzz:  ; for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do go test -run '^$$' -fuzz "^$$f\$$" -fuzztime 60s $$p || exit 1; done; done
bench: ; cd bench && go run . all
golden:; go test ./codec ./codec/pdf ./release ./ledger -update
demo:  ; go run ./cmd/tearline exercise
