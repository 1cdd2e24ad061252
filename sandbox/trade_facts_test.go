package sandbox

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMachinesAgreeWithFacts holds the tables of moves against the documented
// transitions in the markets of the sandbox, in both directions.
func TestMachinesAgreeWithFacts(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/machines.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string][][2]string
	if err := json.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	machines := map[string]func(from string) []string{
		"order": func(from string) []string {
			if from == "" {
				return []string{orderUnpaid}
			}
			return orderMoves(from)
		},
		"package": func(from string) []string {
			if from == "" {
				return []string{packageToFulfill, packageProcessing}
			}
			return packageMoves(from)
		},
		"cancellation": cancelMoves,
		"refund":       func(from string) []string { return returnMoves(returnRefund, from) },
		"return":       func(from string) []string { return returnMoves(returnGoods, from) },
		"replacement":  func(from string) []string { return returnMoves(returnReplacement, from) },
	}
	for name, moves := range machines {
		documented, states := map[string][]string{}, []string{""}
		for _, move := range facts[name] {
			if from, to := move[0], move[1]; from != to { // else something happens within a state
				documented[from] = append(documented[from], to)
				states = append(states, from, to)
			}
		}
		if len(states) < 5 {
			t.Fatalf("%s: no facts", name)
		}
		slices.Sort(states)
		for _, from := range slices.Compact(states) {
			got, want := slices.Sorted(slices.Values(moves(from))), slices.Compact(slices.Sorted(slices.Values(documented[from])))
			if !slices.Equal(got, want) {
				t.Errorf("%s: from %q to %s, documented %s", name, from, strings.Join(got, ", "), strings.Join(want, ", "))
			}
		}
	}
}
