package tokenstore_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/powerloss"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// TestFileOutlivesPowerLoss: whenever the power fails, and whatever the file
// system makes of unsynced data, the file opens and holds the last state that was
// saved, or the one that was being saved.
func TestFileOutlivesPowerLoss(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	store, err := tokenstore.OpenFile(t.Context(), filepath.Join(dir, "store"), keys)
	if err != nil {
		t.Fatal(err)
	}
	recorder := powerloss.NewRecorder(dir)
	store.Record(recorder)
	// The states of two grants, and how far the journal was when each was saved.
	type saved struct {
		steps  int
		states string
	}
	state := func(grants []tokenstore.Grant) string {
		var words []string
		for _, g := range grants {
			words = append(words, fmt.Sprintf("%s %d %s", g.OpenID, g.Version, g.Intent.ID))
		}
		return strings.Join(words, "; ")
	}
	history := []saved{{0, ""}}
	grants := map[string]tokenstore.Grant{}
	save := func(openID string, intent bool) {
		t.Helper()
		grant, ok := grants[openID]
		if !ok {
			grant = storetest.Grant("app", openID)
		}
		grant.Intent = tokenstore.Intent{}
		if intent {
			grant.Intent = tokenstore.Intent{ID: "attempt", At: time.Unix(1_800_000_000, 0)}
		}
		if grant.Version, err = store.Save(t.Context(), grant); err != nil {
			t.Fatal(err)
		}
		grants[openID] = grant
		list, err := store.List(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, saved{recorder.Len(), state(list)})
	}
	for range 2 {
		save("a", false)
		save("b", false)
		save("a", true)
		save("b", true)
		store.FillNew(true) // results go where room is reserved
		save("a", false)
		save("b", false)
		store.FillNew(false)
		save("a", true)
		save("a", false)
	}
	pictures := 0
	for n := range recorder.Len() + 1 {
		last := 0
		for i, s := range history {
			if s.steps <= n {
				last = i
			}
		}
		err := recorder.After(n, func(dir string) error {
			pictures++
			again, err := tokenstore.OpenFile(t.Context(), filepath.Join(dir, "store"), keys)
			if err != nil {
				return err
			}
			defer again.Close()
			list, err := again.List(t.Context(), "")
			if err != nil {
				return err
			}
			got := state(list)
			if got != history[last].states && (last+1 == len(history) || got != history[last+1].states) {
				return fmt.Errorf("the store holds %q, which is neither what was saved last, %q, nor what followed", got, history[last].states)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d saves in %d steps, %d pictures of the disk", len(history)-1, recorder.Len(), pictures)
}
