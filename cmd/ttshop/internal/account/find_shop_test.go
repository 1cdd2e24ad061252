package account

import (
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func TestFindShop(t *testing.T) {
	t.Parallel()
	shops := []tokenstore.Shop{
		{ID: "1", Cipher: "c1", Code: "GBAA", Region: "GB", Name: "Copper Finch"},
		{ID: "2", Cipher: "c2", Code: "USBB", Region: "US", Name: "Copper Finch US"},
		{ID: "3", Cipher: "c3", Code: "VNCC", Region: "VN", Name: "1"},
		{ID: "4", Cipher: "c4", Code: "VNDD", Region: "VN", Name: "Mai"},
	}
	for word, want := range map[string]string{
		"1": "1", "c2": "2", "usbb": "2", "Copper Finch": "1", "copper finch us": "2", "finch US": "2", "GB": "1", "gb": "1",
	} {
		if shop, err := findShop(shops, word); err != nil || shop.ID != want {
			t.Errorf("%s: %v, %v", word, shop, err)
		}
	}
	for word, want := range map[string]string{"finch": "several shops", "VN": "several shops", "x": "no shop of the grant", "": "no shop of the grant"} {
		if _, err := findShop(shops, word); err == nil || !strings.Contains(err.Error(), want) || console.ExitCode(err) != console.ExitUsage {
			t.Errorf("%q: %v", word, err)
		}
	}
	if _, err := findShop(nil, "x"); err == nil || !strings.Contains(err.Error(), "covers no shops") {
		t.Errorf("no shops: %v", err)
	}
}

func TestChooseShop(t *testing.T) {
	t.Parallel()
	one, two := tokenstore.Shop{ID: "1", Cipher: "c1"}, tokenstore.Shop{ID: "2", Cipher: "c2"}
	tests := []struct {
		before string
		shops  []tokenstore.Shop
		first  bool
		want   string
	}{
		{"", nil, true, ""},
		{"", []tokenstore.Shop{one}, false, "1"},
		{"", []tokenstore.Shop{one, two}, false, ""},
		{"", []tokenstore.Shop{one, two}, true, "1"},
		{"2", []tokenstore.Shop{one, two}, true, "2"},
		{"3", []tokenstore.Shop{one, two}, false, ""},
	}
	for _, tt := range tests {
		p := &platform.Profile{ShopID: tt.before, ShopCipher: "old"}
		chooseShop(p, tt.shops, tt.first)
		if p.ShopID != tt.want || (p.ShopCipher == "") != (tt.want == "") || p.ShopCipher == "old" {
			t.Errorf("%+v: shop %q, cipher %q", tt, p.ShopID, p.ShopCipher)
		}
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for d, want := range map[time.Duration]string{
		-time.Second: "ended", 0: "ended", 90 * time.Second: "1 minute", 49 * time.Hour: "2 days", 400 * 24 * time.Hour: "1 year",
	} {
		if got := left(now.Add(d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := left(time.Time{}, now); got != "unknown" {
		t.Errorf("no time: %q", got)
	}
}

func TestYounger(t *testing.T) {
	t.Parallel()
	at := func(end, refreshed int64) tokenstore.Grant {
		g := tokenstore.Grant{Token: ttshop.Token{AccessTokenExpiresAt: time.Unix(end, 0)}}
		if refreshed != 0 {
			g.RefreshedAt = time.Unix(refreshed, 0)
		}
		return g
	}
	for _, tt := range []struct {
		a, b tokenstore.Grant
		want bool
	}{
		{at(2, 1), at(1, 1), true}, {at(1, 9), at(2, 1), false}, {at(1, 2), at(1, 1), true},
		{at(1, 1), at(1, 1), false}, {at(1, 2), at(1, 0), false},
	} {
		if got := younger(tt.a, tt.b); got != tt.want {
			t.Errorf("%v %v: %v", tt.a.RefreshedAt, tt.b.RefreshedAt, got)
		}
	}
}
