package sandbox

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
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
				return []string{trade.OrderUnpaid}
			}
			return trade.OrderMoves(from)
		},
		"package": func(from string) []string {
			if from == "" {
				return []string{trade.PackageToFulfill, trade.PackageProcessing}
			}
			return trade.PackageMoves(from)
		},
		"cancellation": trade.CancelMoves,
		"refund":       func(from string) []string { return trade.ReturnMoves(trade.ReturnRefund, from) },
		"return":       func(from string) []string { return trade.ReturnMoves(trade.ReturnGoods, from) },
		"replacement":  func(from string) []string { return trade.ReturnMoves(trade.ReturnReplacement, from) },
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
