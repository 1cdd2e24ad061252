package console

import (
	"bytes"
	"testing"
	"time"
)

// TestProgress checks the line that tells how far long work is, and that it is
// taken away.
func TestProgress(t *testing.T) {
	t.Parallel()
	p := &Progress{text: "fetching orders", start: time.Unix(100, 0)}
	if got := p.line(time.Unix(103, 0)); got != "fetching orders, 3 s" {
		t.Error(got)
	}
	p.done, p.total = 40, 90
	if got := p.line(time.Unix(112, 0)); got != "fetching orders: 40 of 90, 12 s" {
		t.Error(got)
	}
	p.total = 0
	if got := p.line(time.Unix(112, 0)); got != "fetching orders: 40, 12 s" {
		t.Error(got)
	}
	var plain bytes.Buffer
	meter := NewProgress(&System{Err: &plain}, "fetching orders")
	meter.Set(1, 2)
	meter.spoken = meter.spoken.Add(-progressEvery)
	meter.Set(2, 2)
	meter.Stop()
	if got := plain.String(); got != "ttshop: fetching orders: 2 of 2, 0 s\n" {
		t.Errorf("%q", got)
	}
}
