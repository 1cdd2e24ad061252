package sign_test

import (
	"fmt"
	"net/url"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

func ExampleSigner_Sign() {
	signer := sign.New("s3cr3t") // one per app secret, safe for concurrent use
	fmt.Println(signer.Sign(sign.Request{
		Path:        "/order/202309/orders/search",
		Query:       url.Values{"app_key": {"k"}, "timestamp": {"1700000000"}},
		ContentType: "application/json",
		Body:        []byte(`{}`),
	}))
	// Output: 0e854524fb1c0ac829abbbd04031b14e1cc2867c8d5bbdc0e81ad1519667cad6
}

func ExampleSigner_SignURL() {
	signer := sign.New("s3cr3t")
	got, err := signer.SignURL("https://open-api.tiktokglobalshop.com/order/202309/orders?app_key=k&timestamp=1700000000&ids=1%2C2", "", nil, time.Now())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got.Signature, got.Timestamp)
	// Output: f45903cf8a8a4cf2a1231acc44832307607e9079005d105a03e119029a2cc663 1700000000
}

func ExampleSigner_SignConfig() {
	signer := sign.New("s3cr3t")
	got, err := signer.SignConfig(sign.Config{AppKey: "k", Timestamp: 1700000000}, "/api/orders/search?page_size=10", time.Now())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got.Signature)
	// Output: 5046bfbddab9c281a095549b0af86dd4d288adb781ee138860db4f13ed378dec
}
