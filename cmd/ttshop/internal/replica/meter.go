package replica

import (
	"fmt"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// meter tells how far a copy has come.
type meter struct {
	sys   *platform.Session
	quiet bool

	mu     gosync.Mutex
	line   *console.Progress
	tables map[string]*tableMeter
	rows   int
}

// tableMeter is how far a table has come, over all shops.
type tableMeter struct {
	rows  int
	began time.Time
	rest  map[string]int // by shop
}

func newMeter(sys *platform.Session, quiet bool) *meter {
	m := &meter{sys: sys, quiet: quiet, tables: map[string]*tableMeter{}}
	if !quiet {
		m.line = console.NewProgress(sys.System, "copying")
	}
	return m
}

// note is told of each answer.
func (m *meter) note(p sync.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tables[p.Stream]
	if t == nil {
		t = &tableMeter{began: time.Now(), rest: map[string]int{}}
		m.tables[p.Stream] = t
	}
	t.rows += p.Rows
	m.rows += p.Rows
	if p.Rest >= 0 {
		t.rest[p.Shop.ID] = p.Rest
	}
	if m.line == nil {
		return
	}
	rest := 0
	for _, n := range t.rest {
		rest += n
	}
	text := fmt.Sprintf("%s: %d rows", p.Stream, t.rows)
	if spent := time.Since(t.began); spent > time.Second {
		text += fmt.Sprintf(", %.0f a second", float64(t.rows)/spent.Seconds())
	}
	if rest > 0 {
		text += fmt.Sprintf(", %d to come", rest)
	}
	m.line.Say(text)
}

func (m *meter) stop() {
	if m.line != nil {
		m.line.Stop()
	}
}
