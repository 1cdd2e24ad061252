package sandbox

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/customerservice"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// An app may read conversations 10,000 times a day.
func TestChatAllowance(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	sb, err := New(Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	s := sb.gate.State.Load().World.Shops[0]
	read := func(key string) int {
		c := new(gate.Call)
		c.Begin(sb.gate, httptest.NewRequest("GET", "http://shop.test"+"/customer_service/202309/conversations?page_size=1", nil))
		c.Shop, c.App = s, authority.NewApp(authority.Registration{Key: key})
		methods, _ := sb.gate.Router.Find(c.Path)
		c.Route = methods["GET"]
		if f := c.Route.Handle(c); f != nil {
			return f.Code
		}
		return 0
	}
	for i := range customerservice.MaxChatCalls + 1 {
		want := 0
		if i == customerservice.MaxChatCalls {
			want = customerservice.CodeChatAllowance
		}
		if got := read("one"); got != want {
			t.Fatalf("call %d: code %d, want %d", i, got, want)
		}
	}
	if got := read("another"); got != 0 {
		t.Errorf("another app: code %d", got)
	}
	now = now.Add(24 * time.Hour)
	if got := read("one"); got != 0 {
		t.Errorf("the next day: code %d", got)
	}
}
