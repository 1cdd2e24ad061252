package ttshop_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/product"
)

func TestFailedItems(t *testing.T) {
	t.Parallel()
	type result struct {
		FailReasons []struct {
			Message string `json:"message"`
		} `json:"fail_reasons"`
		Region string `json:"region"`
	}
	for _, tt := range []struct {
		name, data string
		part       any
		want       string // of the error, without the operation; empty for none
	}{
		{"none", `[]`, new([]ttshop.ItemError), ""},
		{"code as a number", `[{"code":12052260,"message":"no product","detail":{"product_id":"1"}}]`, new([]ttshop.ItemError), `item product_id 1 failed (code 12052260): "no product"`},
		{"code as a string", `[{"code":"21011009","message":"m","detail":{"package_id":"2"}}]`, new([]ttshop.ItemError), `item package_id 2 failed (code 21011009): "m"`},
		{"ids beside the code", `[{"code":"7","message":"m","sku_code":"S","warehouse_code":"W"}]`, new([]ttshop.ItemError), `item sku_code S warehouse_code W failed (code 7): "m"`},
		{"a code that is no number", `[{"code":"none","message":"m"}]`, new([]ttshop.ItemError), `item failed: "m"`},
		{"a reason", `[{"fail_reason":"blocked","material_id":"3"}]`, new([]struct {
			Reason   string `json:"fail_reason"`
			Material string `json:"material_id"`
		}), `item material_id 3 failed: "blocked"`},
		{"ids", `["8"]`, new([]string), `item id 8 failed`},
		{"no ids", `[]`, new([]string), ""},
		{"a result of success", `[{"region":"GB","fail_reasons":[]}]`, new([]result), ""},
		{"a result of failure", `[{"region":"GB","fail_reasons":[{"message":"a"},{"message":"b"}]}]`, new([]result), `item region GB failed: "a; b"`},
		{"lists of ids", `{"ids":["5"]}`, new(struct {
			IDs []string `json:"ids"`
		}), `item failed`},
		{"empty lists of ids", `{"ids":[]}`, new(struct {
			IDs []string `json:"ids"`
		}), ``},
		{"code zero", `{"code":"0","message":"success"}`, new(struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		}), ``},
	} {
		if err := json.Unmarshal([]byte(tt.data), tt.part); err != nil {
			t.Fatal(err)
		}
		part := tt.part
		switch p := part.(type) { // as the fields of an answer
		case *[]ttshop.ItemError:
			part = *p
		case *[]string:
			part = *p
		case *[]result:
			part = *p
		}
		err := ttshop.FailedItems("d.Op", part)
		got := ""
		if err != nil {
			got, _, _ = strings.Cut(strings.TrimPrefix(err.Error(), "d.Op: "), ". ")
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A failure is found by its class and by that of its further reasons, and goes back
// to JSON as it came.
func TestItemError(t *testing.T) {
	t.Parallel()
	const raw = `{"code":"12052146","message":"m","detail":{"sku_id":"1","extra_errors":[{"code":12052531,"message":"off","warehouse_id":"9"}]},"new":1}`
	item := new(ttshop.ItemError)
	if err := json.Unmarshal([]byte(raw), item); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(item, ttshop.ErrInvalidRequest) || !errors.Is(item, ttshop.ErrState) || errors.Is(item, ttshop.ErrConflict) || errors.Is(item, ttshop.ErrOutcomeUnknown) {
		t.Error("the classes are wrong")
	}
	var reasons []string
	for _, reason := range item.Unwrap() {
		reasons = append(reasons, reason.(*ttshop.ItemError).IDs()["warehouse_id"]) //nolint:errorlint // one level
	}
	if len(reasons) != 1 || reasons[0] != "9" {
		t.Errorf("the reasons are %v", reasons)
	}
	if back, err := json.Marshal([]ttshop.ItemError{*item}); err != nil || string(back) != "["+raw+"]" {
		t.Errorf("back to JSON: %s, %v", back, err)
	}
	if back, err := json.Marshal(ttshop.ItemError{Code: 1, Message: "m"}); err != nil || string(back) != `{"code":1,"message":"m"}` {
		t.Errorf("made by hand: %s, %v", back, err)
	}
	many := make([]ttshop.ItemError, 7)
	if text := ttshop.FailedItems("d.Op", many).Error(); !strings.HasPrefix(text, "d.Op: 7 items failed\nitem failed\n") || !strings.HasSuffix(text, "\nand 2 more") {
		t.Errorf("seven failures read %q", text)
	}
}

// What failed is looked at by Failed, or is the call's error if that is asked for:
// the result comes with it.
func TestItemsAsErrors(t *testing.T) {
	t.Parallel()
	const data = `{"errors":[{"code":"12052032","message":"no product","detail":{"product_id":"1"}}]}`
	client, _ := scripted(t, []answer{{status: 200, body: success(data)}})
	shop := client.Shop("c")
	params := &product.ActivateParams{ProductIDs: []string{"1", "2"}}
	result, err := product.New(shop).Activate(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range []func() error{
		result.Failed,
		func() error {
			result, err := product.New(shop).Activate(t.Context(), params, ttshop.ItemsAsErrors())
			if result == nil || len(result.Errors) != 1 {
				t.Errorf("beside the error comes %v", result)
			}
			return err
		},
		func() error {
			_, err := shop.Call(t.Context(), "POST", "/product/202309/products/activate", nil, params, ttshop.ItemsAsErrors())
			return err
		},
	} {
		err := call()
		item, ok := errors.AsType[*ttshop.ItemError](err)
		if !ok || item.IDs()["product_id"] != "1" || item.Operation == "" || !errors.Is(err, ttshop.ErrNotFound) {
			t.Errorf("the error is %v", err)
		}
	}
	strict := ttshop.New("k", "s", ttshop.WithItemsAsErrors(), ttshop.WithEndpoint("http://127.0.0.1:1"), ttshop.WithoutRetry()).Shop("c")
	if result, err := product.New(strict).Activate(t.Context(), params); result != nil || err == nil {
		t.Errorf("without an answer: %v, %v", result, err)
	}
}
