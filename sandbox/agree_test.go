package sandbox_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox"
)

// agreement holds every successful answer that a test sees against the
// catalogue, and remembers for which operations there was one.
type agreement struct {
	catalog catalog.Catalog
	mu      sync.Mutex
	ops     map[string]*catalog.Operation
	seen    map[string]bool
}

var agreed = agreement{ops: map[string]*catalog.Operation{}, seen: map[string]bool{}}

// describe returns what the catalogue says of a request's operation, or nil
// where it is not one of the API.
func (a *agreement) describe(t testing.TB, r *http.Request) *catalog.Operation {
	t.Helper()
	e, ok := a.catalog.Find(r.Method, r.URL.Path)
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if op := a.ops[e.FullName()]; op != nil {
		return op
	}
	op, err := a.catalog.Describe(e)
	if err != nil {
		t.Fatal(err)
	}
	a.ops[e.FullName()] = op
	return op
}

// hold checks the data of a successful answer.
func (a *agreement) hold(t testing.TB, r *http.Request, got *answer) {
	t.Helper()
	if got.Code != 0 {
		return
	}
	op := a.describe(t, r)
	if op == nil {
		return
	}
	var data any
	decoder := json.NewDecoder(bytes.NewReader(got.Data))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil {
		t.Errorf("%s: %v", op.FullName(), err)
		return
	}
	conform(t, op.FullName(), catalog.Field{Type: catalog.Object, Fields: op.Result}, data)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen[op.FullName()] = true
}

// TestMain fails a whole run in which an operation was never answered with
// success.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && !sandbox.UnderRace && wholeRun() { // the race detector's run is a sample
		var missed []string
		for _, op := range sandbox.Operations() {
			if !agreed.seen[op.Name] {
				missed = append(missed, op.Name)
			}
		}
		if slices.Sort(missed); len(missed) > 0 {
			fmt.Printf("FAIL: no test saw a successful answer of %v\n", missed)
			code = 1
		}
	}
	os.Exit(code)
}

// wholeRun tells whether all tests ran.
func wholeRun() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short()
}
