package apigen

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/catalog"
)

// NameCodes gives the codes that programs decide by their constants, each in the
// package of the domain that answers with it.
func (api *API) NameCodes(codes []catalog.Code, names map[string]string) error {
	for _, code := range codes {
		name, ok := names[strconv.Itoa(code.Code)]
		if !ok {
			continue
		}
		i := slices.IndexFunc(api.Domains, func(d *Domain) bool { return d.Name == code.Area })
		if i < 0 {
			return fmt.Errorf("code %d: no domain %s", code.Code, code.Area)
		}
		d := api.Domains[i]
		if slices.ContainsFunc(d.codes, func(other namedCode) bool { return other.name == name }) {
			return fmt.Errorf("two codes of %s are %s", d.Name, name)
		}
		d.codes = append(d.codes, namedCode{name, code})
		delete(names, strconv.Itoa(code.Code))
	}
	for code, name := range names {
		return fmt.Errorf("%s names the unknown code %s", name, code)
	}
	return nil
}

type namedCode struct {
	name string
	catalog.Code
}

// classNames are the classes of the root package by those of the catalogue.
var classNames = map[catalog.CodeClass]string{
	catalog.CodeNotFound: "ErrNotFound", catalog.CodeConflict: "ErrConflict", catalog.CodeAlreadyDone: "ErrAlreadyDone",
	catalog.CodeState: "ErrState", catalog.CodeQuota: "ErrQuota", catalog.CodePermission: "ErrPermission",
	catalog.CodeRateLimit: "ErrRateLimited", catalog.CodeInvalidRequest: "ErrInvalidRequest",
}

// codesFile prints the constants of a domain's codes.
func (d *Domain) codesFile() string {
	if len(d.codes) == 0 {
		return ""
	}
	var w writer
	w.printf("package %s\n\n", d.Package)
	w.comment("Codes that programs decide by, in the Code of a [github.com/ttshop-go/ttshop.Error] or of an item that failed, each with its class. Where several codes mean the same, the class is the better question.")
	w.printf("const (\n")
	for _, c := range d.codes {
		class := classNames[c.Class]
		if c.Class == catalog.CodeState && c.Retry == catalog.RetryBackoff {
			class = "ErrBusy"
		}
		for _, line := range wrap(fmt.Sprintf("%s: %s; %s. %s.", c.name, c.Meaning, c.Fix, class), 80) {
			w.printf("\t// %s\n", line)
		}
		w.printf("\t%s = %d\n", c.name, c.Code.Code)
	}
	w.printf(")\n")
	return w.String()
}
