package control_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox/control"
)

func TestFBT(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	credentials, err := c.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shop := credentials.Shops[1].ID
	if regions, err := c.OnboardFBT(t.Context(), shop); err != nil || !slices.Equal(regions, []string{"US", "GB"}) {
		t.Fatalf("regions %v, error %v", regions, err)
	}
	goods, err := c.AddFBTGoods(t.Context(), shop, "Tin", "T-1")
	if err != nil {
		t.Fatal(err)
	}
	var refused *control.Error
	for _, match := range []func() error{
		func() error { return c.MatchFBTGoods(t.Context(), goods, "1") },
		func() error { return c.DetachFBTGoods(t.Context(), goods, "1") },
	} {
		if err := match(); !errors.As(err, &refused) || refused.Code == 0 {
			t.Errorf("an unknown SKU: %v", err)
		}
	}
	id, err := c.AnnounceFBTInbound(t.Context(), control.FBTInbound{ShopID: shop, Goods: []control.FBTGoods{{ID: goods, Quantity: 9}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"READY_TO_SHIP", "TO_BE_RECEIVED", "RECEIVING"} {
		if status, err := c.MoveFBTInbound(t.Context(), id, to); err != nil || status != to {
			t.Errorf("status %s, error %v", status, err)
		}
	}
	if status, err := c.MoveFBTInbound(t.Context(), id, "RECEIVED", control.FBTReceived{ID: goods, Normal: 8, Defective: 1}); err != nil || status != "RECEIVED" {
		t.Errorf("status %s, error %v", status, err)
	}
}

func TestShopStatus(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	credentials, err := c.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetShopStatus(t.Context(), credentials.Shops[0].ID, "DEACTIVATED"); err != nil {
		t.Error(err)
	}
	var refused *control.Error
	if err := c.SetShopStatus(t.Context(), "1", "ACTIVE"); !errors.As(err, &refused) || refused.Status != 404 {
		t.Errorf("an unknown shop: %v", err)
	}
}
