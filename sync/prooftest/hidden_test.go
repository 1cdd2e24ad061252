package prooftest_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// blind gives empty lists, unless they are asked for by ids.
type blind struct{ sync.Caller }

func (b blind) Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error) {
	response, err := b.Caller.Call(ctx, method, path, query, body, options...)
	sent, _ := body.(map[string]any)
	if err == nil && strings.HasSuffix(path, "/search") && sent["return_ids"] == nil && sent["cancel_ids"] == nil {
		empty := *response
		empty.Data = []byte(`{"total_count":0}`)
		response = &empty
	}
	return response, err
}

// TestProofVerifyAsks proves that an audit asks about what no list shows, in each table
// that is compared at night: it leaves alone what the platform knows, and finds what it
// does not know.
func TestProofVerifyAsks(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.Client = w.NewClient(w.Credentials.AccessToken, ttshop.WithLimiter(nil)) // one request for each row
		w.tables = changing
		c := p.open(t)
		w.advance(t, time.Minute)
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		w.advance(t, time.Hour)
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		keys := map[string]string{"returns": "return_id", "cancellations": "cancel_id"}
		for _, table := range changing {
			key := keys[table]
			if key == "" {
				key = "id"
			}
			other := w.text(t, c, `select max(`+key+`) from `+table)
			if _, err := c.db.ExecContext(t.Context(), `update `+table+` set `+key+` = '5764' where `+key+` = '`+other+`'`); err != nil {
				t.Fatal(err)
			}
			found, err := e.Verify(t.Context(), w.shop(), blind{w.Shop("GB")}, sync.Audit{Streams: []string{table}})
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			if f := found[0]; f.Here < 2 || f.Error != "" || !slices.Equal(f.Surplus, []string{"5764"}) || len(f.Missing)+len(f.Differ) > 0 {
				t.Errorf("%s: of %d rows, %v are too many, %d missing, %d different, %s; want the one that was planted", table, f.Here, f.Surplus, len(f.Missing), len(f.Differ), f.Error)
			}
		}
	})
}
