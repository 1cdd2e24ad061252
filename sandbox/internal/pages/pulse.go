package pages

import (
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/customerservice"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
)

// pulseMinutes is how far back the overview looks.
const pulseMinutes = 30

// pulse is how the requests of the last while went.
type pulse struct {
	Total, Failed int
	Minute        int // requests in the last one
	Share         string
	Plot          plot
	Capped        bool // the log has forgotten some of the time
}

// newPulse counts the requests of the log by minute.
func newPulse(l *gate.RequestLog, now time.Time) pulse {
	first := now.UTC().Truncate(time.Minute).Add(-(pulseMinutes - 1) * time.Minute)
	minutes, capped := l.Tally(first, time.Minute, pulseMinutes)
	p := pulse{Capped: capped}
	bars := make([]bar, len(minutes))
	for i, m := range minutes {
		p.Total += m.Total
		p.Failed += m.Failed
		bars[i] = bar{
			Label: first.Add(time.Duration(i) * time.Minute).Format("15:04"), Value: int64(m.Total), Bad: int64(m.Failed),
			Text: counted(m.Total, "request") + ", " + strconv.Itoa(m.Failed) + " failed",
		}
	}
	last, _ := l.Tally(now.Add(-time.Minute), time.Minute, 1)
	p.Minute = last[0].Total
	p.Share = "0%"
	if p.Total > 0 {
		p.Share = strconv.FormatFloat(100*float64(p.Failed)/float64(p.Total), 'f', 1, 64) + "%"
	}
	p.Plot = newPlot("Requests by minute, failures below", bars, func(v int64) string { return strconv.FormatInt(v, 10) })
	return p
}

// tile is a number on the overview that leads to what it counts.
type tile struct {
	Label string
	Count int
	Link  string
	Tone  string
}

// tiles counts what waits for somebody.
func (s *Site) tiles() []tile {
	st := s.State.Load()
	var ship, open, unread int
	for _, shop := range st.World.Shops {
		shop.Mu.RLock()
		for _, o := range trade.OrdersOf(shop).ByCreate {
			if o.Status == trade.OrderAwaitingShipment {
				ship++
			}
			if trade.AfterSaleOpen(shop, o) {
				open++
			}
		}
		for _, c := range customerservice.Chats(shop) {
			unread += min(c.Unread, 1)
		}
		shop.Mu.RUnlock()
	}
	h := notify.Of(st.World)
	h.Mu.Lock()
	var troubled int
	for _, d := range h.Deliveries {
		if d.Status == notify.DeliveryRetrying || d.Status == notify.DeliveryDropped {
			troubled++
		}
	}
	h.Mu.Unlock()
	trouble := toneQuiet
	if troubled > 0 {
		trouble = toneBad
	}
	return []tile{
		{"orders to ship, all shops", ship, webLink("orders", "status", trade.OrderAwaitingShipment), toneQuiet},
		{"open returns, all shops", open, webLink("returns"), toneQuiet},
		{"unread conversations", unread, webLink("conversations"), toneQuiet},
		{"webhooks not delivered", troubled, webLink("webhooks"), trouble},
	}
}
