package trade

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"slices"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

//go:embed data/reasons.json
var reasonsJSON []byte

//go:embed data/reason_texts.json
var reasonTextsJSON []byte

// Reason is a key by which buyers and sellers say why. The same key may stand
// in several entries that differ in markets or states.
type Reason struct {
	Kind    string   `json:"kind"`
	Key     string   `json:"key"`
	Markets []string `json:"markets"`
	Actors  []string `json:"actors"`
	States  []string `json:"states"`  // of the order or request; empty: not documented
	Retired []string `json:"retired"` // markets where it is withdrawn
	Text    string   `json:"text"`    // in English
}

// The kinds of reasons.
const (
	ReasonCancel        = "cancel"
	reasonRefund        = "refund"
	reasonReturn        = "return"
	ReasonRejectCancel  = "reject_cancel"
	reasonRejectRefund  = "reject_refund"
	reasonRejectReturn  = "reject_return"
	reasonRejectPackage = "reject_package"
)

// reasons are those of the markets in which the sandbox has shops.
var reasons = sync.OnceValue(func() []Reason {
	var list []Reason
	if err := json.Unmarshal(reasonsJSON, &list); err != nil {
		panic("sandbox: reasons: " + err.Error()) // they are part of the program
	}
	return list
})

// ReasonsFor returns the reasons that an actor may give in a market for one of
// some kinds in a state.
func ReasonsFor(r *market.Region, actor, state string, kinds ...string) []Reason {
	var list []Reason
	for _, e := range reasons() {
		if slices.Contains(kinds, e.Kind) && slices.Contains(e.Markets, r.Code) && slices.Contains(e.Actors, actor) &&
			!slices.Contains(e.Retired, r.Code) && (len(e.States) == 0 || slices.Contains(e.States, state)) {
			list = append(list, e)
		}
	}
	return list
}

// CheckReason says what is wrong with a reason. A key of another market is as
// good as unknown.
func CheckReason(r *market.Region, key, actor, state string, kinds ...string) *gate.Failure {
	entries := slices.DeleteFunc(slices.Clone(reasons()), func(e Reason) bool { return e.Key != key || !slices.Contains(e.Markets, r.Code) })
	if len(entries) == 0 {
		return gate.Fail(CodeReasonUnknown, "no reason has the key ", key)
	}
	creates := slices.Contains([]string{ReasonCancel, reasonRefund, reasonReturn}, kinds[0])
	if !slices.ContainsFunc(entries, func(e Reason) bool { return slices.Contains(kinds, e.Kind) }) {
		switch {
		case creates: // creating something has no code of its own for this
			return gate.Fail(CodeReasonUnknown, "reason ", key, " is one of another action")
		case slices.Contains([]string{ReasonCancel, reasonRefund, reasonReturn}, entries[0].Kind):
			return gate.Fail(codeReasonAction, "reason ", key, " cannot be given for a refusal")
		}
		return gate.Fail(codeReasonType, "reason ", key, " is one of another refusal")
	}
	entries = slices.DeleteFunc(entries, func(e Reason) bool { return !slices.Contains(kinds, e.Kind) })
	if !slices.ContainsFunc(entries, func(e Reason) bool { return slices.Contains(e.Actors, actor) }) {
		return gate.Fail(codeReasonActor, "reason ", key, " is reserved for others")
	}
	if slices.ContainsFunc(entries, func(e Reason) bool { return slices.Contains(e.Retired, r.Code) }) {
		return gate.Fail(codeReasonRetired, "reason ", key, " is withdrawn")
	}
	if !slices.ContainsFunc(entries, func(e Reason) bool { return len(e.States) == 0 || slices.Contains(e.States, state) }) {
		return gate.Fail(codeReasonState, "reason ", key, " cannot be given in the state ", state)
	}
	return nil
}

// reasonTexts are the texts of reasons in the other languages of our markets, by
// the English one and the locale.
var reasonTexts = sync.OnceValue(func() map[string]map[string]string {
	var texts map[string]map[string]string
	if err := json.Unmarshal(reasonTextsJSON, &texts); err != nil {
		panic("sandbox: texts of reasons: " + err.Error()) // they are part of the program
	}
	return texts
})

// TextIn returns the text of a reason in the language of a locale, in English
// where the sandbox does not speak it.
func (e *Reason) TextIn(locale string) string {
	return cmp.Or(reasonTexts()[e.Text][locale], e.Text)
}

// ReasonText returns the text of a reason in the language of a locale, or
// nothing.
func ReasonText(key, locale string) string {
	list := reasons()
	for i := range list {
		if list[i].Key == key {
			return list[i].TextIn(locale)
		}
	}
	return ""
}
