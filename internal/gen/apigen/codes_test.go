package apigen

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

func TestNameCodes(t *testing.T) {
	t.Parallel()
	codes := []catalog.Code{
		{Code: 1, Area: "toy_shop", Class: catalog.CodeState, Meaning: "toy is sold", Fix: "take another"},
		{Code: 2, Area: "toy_shop", Class: catalog.CodeState, Retry: catalog.RetryBackoff, Meaning: "toy is being wrapped", Fix: "wait"},
		{Code: 3, Area: "elsewhere", Class: catalog.CodeState},
	}
	for _, test := range []struct {
		names map[string]string
		want  string // of the file, or of the error
	}{
		{map[string]string{"1": "CodeSold"}, "// CodeSold: toy is sold; take another. ErrState.\n\tCodeSold = 1\n"},
		{map[string]string{"2": "CodeWrapping"}, "// CodeWrapping: toy is being wrapped; wait. ErrBusy.\n\tCodeWrapping = 2\n"},
		{map[string]string{"1": "CodeSold", "2": "CodeSold"}, "two codes of toy_shop are CodeSold"},
		{map[string]string{"3": "CodeNo"}, "no domain elsewhere"},
		{map[string]string{"4": "CodeNo"}, "CodeNo names the unknown code 4"},
	} {
		d := &Domain{Name: "toy_shop", Package: "toyshop"}
		err := (&API{Domains: []*Domain{d}}).NameCodes(codes, test.names)
		got := d.codesFile()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	if (&Domain{}).codesFile() != "" {
		t.Error("a domain without names has a file")
	}
}
