package prooftest_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// ofOrders is the state of orders.
func (w *world) ofOrders(t testing.TB, c *copied) sync.State {
	t.Helper()
	state, err := c.to.State(t.Context(), w.shop().ID)
	if err != nil {
		t.Fatal(err)
	}
	return state.Streams["orders"]
}

// TestProofCAudits proves that turns alone find and repair what is planted in a copy: the
// next night where it is of the last days, and by a later audit where it is older.
func TestProofCAudits(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{}, longTokens)
		w.tables = []string{"orders"}
		c := p.open(t)
		e := w.engine(t, c.to)
		for range 2 { // the second turn has nothing left to copy
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			w.advance(t, 3*time.Minute)
		}
		if st := w.ofOrders(t, c); len(st.Audits) != 3 || st.Check != nil || st.Repaired != 0 {
			t.Fatalf("%+v", st)
		}
		young, old := `select max(id) from orders`, `select min(id) from orders`
		for _, test := range []struct {
			id      string
			nights  int
			sql     string
			problem int
		}{
			{young, 1, `update orders set status = 'LOST', _hash = 'x' where id = `, 1},
			{old, 31, `delete from orders where id = `, 1},
		} {
			id := w.text(t, c, test.id)
			repaired := w.ofOrders(t, c).Repaired
			if _, err := c.db.ExecContext(t.Context(), test.sql+"'"+id+"'"); err != nil {
				t.Fatal(err)
			}
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			if got := w.ofOrders(t, c).Repaired; got != repaired {
				t.Errorf("%d rows were repaired by day", got-repaired)
			}
			for range test.nights {
				w.advance(t, 24*time.Hour)
				copyOnce(t, e, w.shop(), w.Shop("GB"))
			}
			st := w.ofOrders(t, c)
			if int(st.Repaired-repaired) != test.problem || st.Check != nil || st.Checked == nil {
				t.Errorf("%s: %d rows were repaired: %+v", test.sql, st.Repaired-repaired, st)
			}
			if issues := w.number(t, c, `select count(*) from _ttshop_issues where table_name = 'orders' and id = '`+id+`'`); issues != 1 {
				t.Errorf("%d issues about %s", issues, id)
			}
			next := streamOf(e, "orders").NextAudit(w.shop(), st)
			if wait := next.Sub(time.Unix(st.Checked.Began, 0)); wait <= 0 || wait > 25*time.Hour {
				t.Errorf("the next audit is %s after the last one", wait)
			}
		}
		w.equal(t, c, w.calm(t, c))
	})
}

func streamOf(e *sync.Engine, name string) *sync.Stream {
	for _, s := range e.Streams() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// failing is a caller whose audits fail after some requests.
type failing struct {
	sync.Caller
	left int
}

var errCut = errors.New("the line is cut")

func (f *failing) Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error) {
	if f.left--; f.left < 0 {
		return nil, errCut
	}
	return f.Caller.Call(ctx, method, path, query, body, options...)
}

// TestProofCAuditResumes proves that an audit that is interrupted, again and again and by
// the end of the budget too, goes on where it was and ends.
func TestProofCAuditResumes(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{}, longTokens)
		w.tables = []string{"orders"}
		c := p.open(t)
		e := w.engine(t, c.to)
		for range 2 {
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			w.advance(t, 3*time.Minute)
		}
		if _, err := c.db.ExecContext(t.Context(), `update orders set status = 'LOST', _hash = 'x' where id in (select id from orders order by id limit 2)`); err != nil {
			t.Fatal(err)
		}
		w.advance(t, 31*24*time.Hour) // all is due
		copyOnce(t, w.engine(t, c.to, func(c *sync.Config) { c.NoAudits = true }), w.shop(), w.Shop("GB"))
		w.narrow(t, c, 10*24*time.Hour)
		broke := w.engine(t, c.to, func(c *sync.Config) { c.Budget = 1 })
		report, err := broke.Sync(t.Context(), w.shop(), w.caller())
		if err != nil || !errors.Is(report.Err(), sync.ErrBudget) {
			t.Fatal(err, report.Err())
		}
		var half sync.Check
		for _, left := range []int{4, 4, 30} {
			report, err := e.Sync(t.Context(), w.shop(), &failing{Caller: w.caller(), left: left})
			if err != nil {
				t.Fatal(err)
			}
			if check := w.ofOrders(t, c).Check; check != nil {
				if !errors.Is(report.Err(), errCut) || half.At > 0 && (check.Began != half.Began || check.At > half.At) {
					t.Fatalf("%v; it was %+v and is %+v", report.Err(), half, check)
				}
				half = *check
			}
		}
		if half.At == 0 || half.At >= half.To {
			t.Fatalf("nothing was interrupted: %+v", half)
		}
		st := w.ofOrders(t, c)
		if st.Check != nil || st.Checked == nil || st.Checked.Began != half.Began || st.Repaired != 2 || st.Checked.Repaired != 2 || st.Checked.Audit != 2 || st.Checked.At != st.Checked.From {
			t.Errorf("%+v after %+v", st.Checked, half)
		}
		w.equal(t, c, w.calm(t, c))
	})
}

// longTokens lets tokens outlive the test's weeks.
func longTokens(c *sandbox.Config) { c.AccessTokenTTL = 90 * 24 * time.Hour }

// narrow makes the next slice of orders as wide as it says.
func (w *world) narrow(t testing.TB, c *copied, width time.Duration) {
	t.Helper()
	epoch, err := c.to.Acquire(t.Context(), w.shop(), "narrow", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	st := w.ofOrders(t, c)
	st.Width = int64(width.Seconds())
	_, schema, err := sync.Streams()
	if err == nil {
		_, err = c.to.Commit(t.Context(), &sync.Batch{Shop: w.shop().ID, Epoch: epoch, Stream: "orders", Table: schema.Table("orders"), State: &st, At: time.Now()})
	}
	if err == nil {
		err = c.to.Release(t.Context(), w.shop().ID, epoch)
	}
	if err != nil {
		t.Fatal(err)
	}
}
