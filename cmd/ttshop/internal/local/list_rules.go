package local

import (
	"strings"

	"github.com/ttshop-go/ttshop/sandbox"
)

// listRules collects the rules of a flag that is repeated.
type listRules []sandbox.ListRule

// String shows the default of the flag, which is none.
func (l *listRules) String() string { return "" }

// Type names what the flag takes.
func (l *listRules) Type() string { return "RULE" }

// Set adds a rule.
func (l *listRules) Set(text string) error {
	rule, err := sandbox.ParseListRule(strings.TrimSpace(text))
	if err != nil {
		return err
	}
	*l = append(*l, rule)
	return nil
}
