package explain_test

import (
	"fmt"

	"github.com/ttshop-go/ttshop/sign/explain"
)

func ExampleExplain() {
	report, err := explain.Explain(explain.Request{
		Method:      "POST",
		URL:         "https://open-api.tiktokglobalshop.com/order/202309/orders/search?app_key=k&timestamp=1700000000&sign=4ab8b690fb61ce310fa32ced57a2e351908dff4be9d6e8b8d1edd2acd545575d",
		ContentType: "application/json",
		Body:        []byte(`{"order_status":"UNPAID"}`),
	}, "s3cr3t", explain.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Canonical)
	if !report.OK && len(report.Mistakes) > 0 {
		likeliest := report.Mistakes[0]
		fmt.Println(likeliest.ID)
		fmt.Println(likeliest.Sentence)
		fmt.Println(likeliest.Fix)
	}
	// Output:
	// <app_secret>/order/202309/orders/searchapp_keyktimestamp1700000000{"order_status":"UNPAID"}<app_secret>
	// body-spaces
	// you signed the body with spaces, but sent it without
	// encode the body once; sign and send those exact bytes
}

func ExampleParseCurl() {
	request, err := explain.ParseCurl(`curl 'https://open-api.tiktokglobalshop.com/order/202309/orders/search?app_key=k&timestamp=1700000000&sign=00' \
  -H 'content-type: application/json' --data-raw '{"order_status":"UNPAID"}'`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.Method, request.ContentType, string(request.Body))
	// Output: POST application/json {"order_status":"UNPAID"}
}
