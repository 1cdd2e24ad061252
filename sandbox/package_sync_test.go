package sandbox_test

import (
	"fmt"
	"testing"
)

// A warehouse provider reports packages of the seller and no others.
func TestSyncPackages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := w.walk(t, "GB", "page_size=100", `{"order_status":"AWAITING_COLLECTION"}`)[0].Packages[0].ID
	report := func(id string) string {
		return fmt.Sprintf(`{"id":%q,"wms_order_id":"1","time_zone":"UTC","ship_time_millis":1,"create_time_millis":1,"handover_time_millis":1,"shipping_provider_id":"1","shipping_provider_name":"P","tracking_number":"T1","dimension":{},"skus":[{"id":"1","quantity":1}]}`, id)
	}
	var got struct {
		Taken  []string `json:"success_packages"`
		Errors []struct {
			Code   string
			Detail struct {
				ID string `json:"package_id"`
			}
		}
	}
	w.call(t, "", "POST", "/supply_chain/202309/packages/sync", "", `{"warehouse_provider_id":"1","packages":[`+report(known)+","+report("1")+`]}`).into(t, &got)
	if len(got.Taken) != 1 || got.Taken[0] != known || len(got.Errors) != 1 || got.Errors[0].Code != "39003016" || got.Errors[0].Detail.ID != "1" {
		t.Errorf("%+v", got)
	}
	if a := w.call(t, "", "POST", "/supply_chain/202309/packages/sync", "", `{"warehouse_provider_id":"1","packages":[]}`); a.Code != 39003018 {
		t.Errorf("none: %d", a.Code)
	}
}
