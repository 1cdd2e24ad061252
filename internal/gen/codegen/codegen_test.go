package codegen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"unknown member": {`[{"code": 1, "klass": "state"}]`, "klass"},
		"out of order":   {`[{"code": 2}, {"code": 1}]`, "code 1 comes after 2"},
		"twice":          {`[{"code": 2}, {"code": 2}]`, "code 2 comes after 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "codes.json")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Load: %v, want it to name %q", err, test.want)
			}
		})
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	source, err := Source([]catalog.Code{
		{Code: 7, Area: "gateway", Class: catalog.CodeState},
		{Code: 11, Area: "order", Class: catalog.CodeState, Retry: catalog.RetryBackoff},
		{Code: 12, Area: "order", Class: catalog.CodeState, Retry: catalog.RetryNo},
		{Code: 13, Area: "order", Class: catalog.CodeInvalidRequest},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(source)), " ")
	for _, want := range []string{"{classBusy, []int{ 11, }}", "{classState, []int{ 12, }}"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, source)
		}
	}
	for _, left := range []string{" 7,", " 13,"} {
		if strings.Contains(text, left) {
			t.Errorf("%s is listed", left)
		}
	}
	if _, err := Source([]catalog.Code{{Code: 11, Area: "order", Class: "unheard"}}); err == nil || !strings.Contains(err.Error(), "unheard") {
		t.Errorf("unknown class: %v", err)
	}
}
