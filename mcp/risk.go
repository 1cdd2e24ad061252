package mcp

import (
	_ "embed"
	"encoding/json"
	"path"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// Risk is what a write may do harm to.
type Risk string

// The risks that may be approved ahead. All others always need a person.
const (
	RiskStock    Risk = "stock"
	RiskTracking Risk = "tracking"
)

// riskOther is the risk of a write that no pattern names.
const riskOther Risk = "other"

// ahead reports whether writes of a risk may be approved ahead.
func (r Risk) ahead() bool { return r == RiskStock || r == RiskTracking }

//go:embed risks.json
var risksFile []byte

// riskRules are the patterns of operations of each risk. The first that matches
// counts, in the order of the file.
var riskRules = sync.OnceValue(func() []riskRule {
	decoder := json.NewDecoder(strings.NewReader(string(risksFile)))
	var rules []riskRule
	must := func(err error) {
		if err != nil {
			panic("risks.json: " + err.Error()) // a test reads it
		}
	}
	_, err := decoder.Token() // the brace
	must(err)
	for decoder.More() {
		name, err := decoder.Token()
		must(err)
		rule := riskRule{}
		text, _ := name.(string) // a name of a member
		rule.risk = Risk(text)
		must(decoder.Decode(&rule.patterns))
		rules = append(rules, rule)
	}
	return rules
})

type riskRule struct {
	risk     Risk
	patterns []string
}

// RiskOf returns the risk of an operation, or nothing if it only reads.
func RiskOf(op *catalog.Operation) Risk {
	if !op.Write {
		return ""
	}
	name := op.Domain + "." + names.Base(op.Name)
	for _, rule := range riskRules() {
		for _, pattern := range rule.patterns {
			if ok, err := path.Match(pattern, name); err == nil && ok {
				return rule.risk
			}
		}
	}
	return riskOther
}
