package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// invoiceFile is an electronic invoice with an access key, in Base64.
func invoiceFile(key string) string {
	return base64.StdEncoding.EncodeToString([]byte(`<?xml version="1.0" encoding="UTF-8"?><nfeProc><NFe><infNFe Id="NFe` + key + `"><ide/></infNFe></NFe></nfeProc>`))
}

// uploadInvoice sends the invoice of an order and returns the code of its error.
func (w *world) uploadInvoice(t *testing.T, region, parcel, order, file string) int {
	t.Helper()
	var got struct {
		Errors []struct {
			Code   int
			Detail struct {
				OrderIDs  []string `json:"order_ids"`
				PackageID string   `json:"package_id"`
			}
		}
	}
	a := w.call(t, region, "POST", "/fulfillment/202502/invoice/upload", "", fmt.Sprintf(`{"invoices":[{"package_id":%q,"order_ids":[%q],"file_type":"XML","file":%q}]}`, parcel, order, file))
	if a.Code != 0 {
		return a.Code
	}
	a.into(t, &got)
	if len(got.Errors) == 0 {
		return 0
	}
	if e := got.Errors[0]; e.Detail.PackageID != parcel || len(e.Detail.OrderIDs) != 1 || e.Detail.OrderIDs[0] != order {
		t.Errorf("error %+v", e)
	}
	return got.Errors[0].Code
}

// In Brazil a package is shipped once the invoice of each of its orders is
// approved.
func TestInvoices(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[36]}`, r.URL), http.StatusOK)
	need := func(id string) string {
		t.Helper()
		var got struct {
			Orders []struct {
				Need string `json:"need_upload_invoice"`
			}
		}
		w.call(t, "BR", "GET", "/order/202309/orders", "ids="+id, "").into(t, &got)
		return got.Orders[0].Need
	}
	ship := func(parcel string) (single, batch int) {
		t.Helper()
		var got struct{ Errors []struct{ Code int } }
		w.call(t, "BR", "POST", fulfillment+"packages/ship", "", `{"packages":[{"id":"`+parcel+`"}]}`).into(t, &got)
		for _, e := range got.Errors {
			batch = e.Code
		}
		return w.call(t, "BR", "POST", fulfillment+"packages/"+parcel+"/ship", "", `{}`).Code, batch
	}
	heard := func(status, reason string) {
		t.Helper()
		got := r.next(t)
		if said, _ := got.Data["invalid_reason"].(string); got.Type != 36 || got.Data["invoice_status"] != status || said != reason {
			t.Errorf("heard %s, want %s %s", got.body, status, reason)
		}
	}

	id := w.placed(t, "BR", "TIKTOK", "UNPAID", 1)
	if got := need(id); got != "UNKNOWN" {
		t.Errorf("an unpaid order: %s", got)
	}
	w.move(t, id, "AWAITING_SHIPMENT")
	parcel := w.order(t, "BR", id).Packages[0].ID
	if single, batch := ship(parcel); need(id) != "NEED_INVOICE" || single != 21004019 || batch != 21004006 {
		t.Errorf("without an invoice: %s, codes %d and %d", need(id), single, batch)
	}
	key := strings.Repeat("35260312345678000199", 3)[:44]
	for file, want := range map[string]int{"?": invalid, base64.StdEncoding.EncodeToString([]byte("<open>")): invalid, "": invalid, base64.StdEncoding.EncodeToString(make([]byte, 1<<20+1)): invalid} {
		if code := w.uploadInvoice(t, "BR", parcel, id, file); code != want {
			t.Errorf("file %.20q: code %d", file, code)
		}
	}
	if code := w.uploadInvoice(t, "BR", "1", id, invoiceFile(key)); code != 21011028 {
		t.Errorf("unknown package: code %d", code)
	}
	if code := w.uploadInvoice(t, "BR", parcel, "1", invoiceFile(key)); code != 21011031 {
		t.Errorf("foreign order: code %d", code)
	}
	if code := w.uploadInvoice(t, "GB", parcel, id, invoiceFile(key)); code != 21008106 {
		t.Errorf("in Britain: code %d", code)
	}

	// A document without a key is invalid, one that is refused can be replaced.
	if code := w.uploadInvoice(t, "BR", parcel, id, base64.StdEncoding.EncodeToString([]byte("<nota/>"))); code != 0 {
		t.Fatalf("code %d", code)
	}
	heard("PROCESSING", "")
	if single, _ := ship(parcel); need(id) != "INVOICE_PROCESSING" || single != 21004020 {
		t.Errorf("while it is checked: %s, code %d", need(id), single)
	}
	if code := w.uploadInvoice(t, "BR", parcel, id, invoiceFile(key)); code != 21011003 {
		t.Errorf("twice: code %d", code)
	}
	w.advance(t, "1m")
	heard("INVALID", "NOT_FOUND")
	if single, _ := ship(parcel); need(id) != "NEED_INVOICE" || single != 21004020 {
		t.Errorf("invalid: %s, code %d", need(id), single)
	}
	if code := w.uploadInvoice(t, "BR", parcel, id, invoiceFile(key)); code != 0 {
		t.Fatalf("code %d", code)
	}
	heard("PROCESSING", "")
	w.steer(t, "POST", "packages/"+parcel+"/invoice", `{"status":"FAILED"}`, http.StatusOK)
	heard("FAILED", "")
	if code := w.uploadInvoice(t, "BR", parcel, id, invoiceFile(key)); code != 0 {
		t.Fatalf("code %d", code)
	}
	heard("PROCESSING", "")
	w.advance(t, "1m")
	heard("SUCCESS", "")
	if got := need(id); got != "INVOICE_UPLOADED" {
		t.Errorf("approved: %s", got)
	}

	// A key is for one package.
	other := w.placed(t, "BR", "TIKTOK", "AWAITING_SHIPMENT", 1)
	second := w.order(t, "BR", other).Packages[0].ID
	if code := w.uploadInvoice(t, "BR", second, other, invoiceFile(key)); code != 0 {
		t.Fatalf("code %d", code)
	}
	heard("PROCESSING", "")
	w.advance(t, "1m")
	heard("INVALID", "ACCESS_KEY_DUPLICATE")

	if single, _ := ship(parcel); single != 21011040 { // the batch has shipped it
		t.Errorf("approved: code %d", single)
	}
	if o := w.order(t, "BR", id); o.Status != "AWAITING_COLLECTION" {
		t.Errorf("shipped: %+v", o)
	}
	var label struct {
		URL string `json:"doc_url"`
	}
	w.call(t, "BR", "GET", fulfillment+"packages/"+parcel+"/shipping_documents", "document_type=INVOICE_LABEL&document_size=A5", "").into(t, &label)
	if !strings.Contains(label.URL, "-INVOICE_LABEL-A6-") {
		t.Errorf("label %q", label.URL)
	}
	for _, body := range []string{`{"status":"PROCESSING"}`, `{"status":"INVALID"}`, `{"status":"SUCCESS","reason":"UNKNOWN"}`} {
		w.steer(t, "POST", "packages/"+second+"/invoice", body, http.StatusBadRequest)
	}
	w.steer(t, "POST", "packages/"+second+"/invoice", `{"status":"SUCCESS"}`, http.StatusConflict)
	w.steer(t, "POST", "packages/1/invoice", `{"status":"SUCCESS"}`, http.StatusNotFound)
}

// Buyers in Brazil have a taxpayer number, whose last two digits check the rest.
func TestTaxpayers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var page struct {
		Orders []struct {
			Status  string
			CPF     string
			Name    string `json:"cpf_name"`
			Need    string `json:"need_upload_invoice"`
			Address *struct {
				First string `json:"first_name"`
				Last  string `json:"last_name"`
			} `json:"recipient_address"`
		}
	}
	w.call(t, "BR", "POST", searchPath, "page_size=100", "").into(t, &page)
	needs := map[string]int{}
	for _, o := range page.Orders {
		needs[o.Need]++
		if o.Address == nil {
			if o.CPF != "" {
				t.Errorf("a buyer who is not shown has the number %s", o.CPF)
			}
			continue
		}
		if o.Address.Last != "" || o.Address.First == "" || !strings.Contains(o.Name, " ") || len(o.CPF) != 11 {
			t.Errorf("%+v", o)
			continue
		}
		for n := 9; n < 11; n++ {
			sum := 0
			for i := range n {
				sum += int(o.CPF[i]-'0') * (n + 1 - i)
			}
			if want := sum * 10 % 11 % 10; int(o.CPF[n]-'0') != want {
				t.Errorf("%s: check digit %c, want %d", o.CPF, o.CPF[n], want)
			}
		}
	}
	for _, need := range []string{"UNKNOWN", "NEED_INVOICE", "INVOICE_UPLOADED"} {
		if needs[need] == 0 {
			t.Errorf("no order is %s: %v", need, needs)
		}
	}
}
