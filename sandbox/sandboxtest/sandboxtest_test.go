package sandboxtest_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestStart(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	res, err := server.Client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Shops []struct{ Region, Cipher string } `json:"shops"`
	}
	if err := res.Decode(&data); err != nil {
		t.Fatal(err)
	}
	if len(data.Shops) != len(server.Credentials.Shops) || len(data.Shops) < 3 {
		t.Errorf("the API has %d shops, the credentials %d", len(data.Shops), len(server.Credentials.Shops))
	}
	for _, shop := range data.Shops {
		if _, err := server.Shop(shop.Region).Call(t.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"1"}}, nil); err != nil {
			t.Errorf("%s: %v", shop.Region, err)
		}
	}
	if _, err := server.NewClient("wrong").Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); !errors.Is(err, ttshop.ErrUnauthorized) {
		t.Errorf("wrong token: error %v", err)
	}
	if _, err := server.App.Exchange(t.Context(), server.Credentials.AuthCode); err != nil {
		t.Error(err)
	}
	if _, err := server.App.AuthorizeURL(oauth.Seller, oauth.NewState()); err != nil {
		t.Error(err)
	}
}
