package sync

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkRow makes rows of a page of orders, people's data hashed or kept, beside the
// decoding of the same bytes by encoding/json. The ratio is the median of rounds that
// take turns.
func BenchmarkRow(b *testing.B) {
	table := ordersTable(b)
	const n = 100
	orders := make([]string, n)
	for i := range orders {
		orders[i] = fmt.Sprintf(`{"id":"5765%[1]014d","status":"IN_TRANSIT","create_time":1700000000,"update_time":%[2]d,"buyer_email":"v2b%[1]d@scs.example","buyer_message":"please leave it at the door","buyer_uid":"7494%[1]d","user_id":"7494%[1]d","cancel_order_sla_time":1700259200,"collection_due_time":1700172800,"collection_time":1700090000,"commerce_platform":"TIKTOK_SHOP","delivery_option_id":"7091146663229654785","delivery_option_name":"Standard","delivery_type":"HOME_DELIVERY","fulfillment_type":"FULFILLMENT_BY_SELLER","has_updated_recipient_address":false,"is_cod":false,"is_on_hold_order":false,"is_replacement_order":false,"is_sample_order":false,"need_upload_invoice":"UNKNOWN","order_type":"NORMAL","paid_time":1700000060,"payment":{"currency":"GBP","original_shipping_fee":"4.99","original_total_product_price":"23.98","platform_discount":"1.00","product_tax":"0","seller_discount":"2.00","shipping_fee":"3.99","shipping_fee_platform_discount":"1.00","shipping_fee_seller_discount":"0","shipping_fee_tax":"0","sub_total":"20.98","tax":"0","total_amount":"24.97"},"payment_method_name":"Visa credit card","recipient_address":{"address_detail":"1 Some Street, Flat 4","address_line1":"1 Some Street","address_line2":"Flat 4","address_line3":"","address_line4":"","district_info":[{"address_level":"L0","address_level_name":"Country","address_name":"United Kingdom"},{"address_level":"L1","address_level_name":"County","address_name":"Kent"}],"first_name":"Ann","first_name_local_script":"","full_address":"United Kingdom, Kent, 1 Some Street, Flat 4","last_name":"Smith","last_name_local_script":"","name":"Ann Smith","phone_number":"(+44)7*****12","postal_code":"CT1 1AA","region_code":"GB"},"rts_sla_time":1700172800,"rts_time":1700080000,"shipping_provider":"Evri","shipping_provider_id":"7129","shipping_type":"TIKTOK","split_or_combine_tag":"","tracking_number":"H00%[1]d","tts_sla_time":1700345600,"warehouse_id":"7300","packages":[{"id":"1152%[1]d"}],"line_items":[%[3]s]}`,
			i, 1700000000+i, strings.Join(slices.Repeat([]string{`{"currency":"GBP","display_status":"IN_TRANSIT","id":"ID","is_gift":false,"item_tax":[],"original_price":"12.99","package_id":"1152","package_status":"PROCESSING","platform_discount":"0.50","product_id":"1729","product_name":"A lamp for the desk, with a shade","rts_time":1700080000,"sale_price":"11.49","seller_discount":"1.00","seller_sku":"LAMP-1","shipping_provider_id":"7129","shipping_provider_name":"Evri","sku_id":"1730","sku_image":"https://img.example/lamp.webp?x=1","sku_name":"Black, Large","sku_type":"NORMAL","tracking_number":"H00"}`}, 2), ","))
		orders[i] = strings.Replace(strings.Replace(orders[i], `"ID"`, `"a"`, 1), `"ID"`, `"b"`, 1)
	}
	page := []byte(`{"orders":[` + strings.Join(orders, ",") + `]}`)
	for name, people := range map[string]People{"kept": {Keep: true}, "hashed": {Key: []byte("k")}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			var ratios []float64
			for b.Loop() {
				began := time.Now()
				var decoded any
				if err := json.Unmarshal(page, &decoded); err != nil {
					b.Fatal(err)
				}
				bare := time.Since(began)
				began = time.Now()
				answer, err := parseJSON(page)
				if err != nil {
					b.Fatal(err)
				}
				m := rowMaker{table: table, people: newMasker(people)}
				for _, item := range answer.get("orders").items {
					if _, ok := m.make(item, "", 1); !ok {
						b.Fatal("an order is not a row")
					}
				}
				ratios = append(ratios, float64(bare)/float64(time.Since(began)))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x-decoding")
		})
	}
}
