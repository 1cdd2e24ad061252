package sandbox

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
)

//go:embed data/reasons.json
var reasonsJSON []byte

// reason is a key by which buyers and sellers say why. The same key may stand
// in several entries that differ in markets or states.
type reason struct {
	Kind    string   `json:"kind"`
	Key     string   `json:"key"`
	Markets []string `json:"markets"`
	Actors  []string `json:"actors"`
	States  []string `json:"states"`  // of the order or request; empty: not documented
	Retired []string `json:"retired"` // markets where it is withdrawn
	Text    string   `json:"text"`
}

// The kinds of reasons.
const (
	reasonCancel        = "cancel"
	reasonRefund        = "refund"
	reasonReturn        = "return"
	reasonRejectCancel  = "reject_cancel"
	reasonRejectRefund  = "reject_refund"
	reasonRejectReturn  = "reject_return"
	reasonRejectPackage = "reject_package"
)

// reasons are those of the markets in which the sandbox has shops.
var reasons = sync.OnceValue(func() []reason {
	var list []reason
	if err := json.Unmarshal(reasonsJSON, &list); err != nil {
		panic("sandbox: reasons: " + err.Error()) // they are part of the program
	}
	return list
})

// reasonsFor returns the reasons that an actor may give in a market for one of
// some kinds in a state.
func reasonsFor(r *region, actor, state string, kinds ...string) []reason {
	var list []reason
	for _, e := range reasons() {
		if slices.Contains(kinds, e.Kind) && slices.Contains(e.Markets, r.code) && slices.Contains(e.Actors, actor) &&
			!slices.Contains(e.Retired, r.code) && (len(e.States) == 0 || slices.Contains(e.States, state)) {
			list = append(list, e)
		}
	}
	return list
}

// checkReason says what is wrong with a reason. A key of another market is as
// good as unknown.
func checkReason(r *region, key, actor, state string, kinds ...string) *failure {
	entries := slices.DeleteFunc(slices.Clone(reasons()), func(e reason) bool { return e.Key != key || !slices.Contains(e.Markets, r.code) })
	if len(entries) == 0 {
		return fail(codeReasonUnknown, "no reason has the key ", key)
	}
	creates := slices.Contains([]string{reasonCancel, reasonRefund, reasonReturn}, kinds[0])
	if !slices.ContainsFunc(entries, func(e reason) bool { return slices.Contains(kinds, e.Kind) }) {
		switch {
		case creates: // creating something knows no code of its own for this
			return fail(codeReasonUnknown, "reason ", key, " is one of another action")
		case slices.Contains([]string{reasonCancel, reasonRefund, reasonReturn}, entries[0].Kind):
			return fail(codeReasonAction, "reason ", key, " is none for a refusal")
		}
		return fail(codeReasonType, "reason ", key, " is one of another refusal")
	}
	entries = slices.DeleteFunc(entries, func(e reason) bool { return !slices.Contains(kinds, e.Kind) })
	if !slices.ContainsFunc(entries, func(e reason) bool { return slices.Contains(e.Actors, actor) }) {
		return fail(codeReasonActor, "reason ", key, " is reserved for others")
	}
	if slices.ContainsFunc(entries, func(e reason) bool { return slices.Contains(e.Retired, r.code) }) {
		return fail(codeReasonRetired, "reason ", key, " is withdrawn")
	}
	if !slices.ContainsFunc(entries, func(e reason) bool { return len(e.States) == 0 || slices.Contains(e.States, state) }) {
		return fail(codeReasonState, "reason ", key, " is none in the state ", state)
	}
	return nil
}

// reasonText returns the text of a reason, or nothing.
func reasonText(key string) string {
	for _, e := range reasons() {
		if e.Key == key {
			return e.Text
		}
	}
	return ""
}
