package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/ttshop-go/ttshop/sandbox"
)

// The token endpoints are unsigned, so that a plain GET is enough to meet the
// sandbox.
func Example() {
	sb, err := sandbox.New(sandbox.Config{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(sb)
	defer server.Close()

	app := sb.Credentials()
	query := url.Values{
		"app_key": {app.AppKey}, "app_secret": {app.AppSecret},
		"auth_code": {app.AuthCode}, "grant_type": {"authorized_code"},
	}
	response, err := http.Get(server.URL + "/api/v2/token/get?" + query.Encode())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	var answer struct {
		Code    int
		Message string
		Data    struct {
			SellerBaseRegion string `json:"seller_base_region"`
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Code, answer.Message, answer.Data.SellerBaseRegion)
	for _, shop := range app.Shops {
		fmt.Println(shop.Region, shop.SellerType)
	}
	// Output:
	// 0 success US
	// US LOCAL
	// GB CROSS_BORDER
	// VN CROSS_BORDER
	// BR LOCAL
}
