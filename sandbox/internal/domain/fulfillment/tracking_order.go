package fulfillment

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// carried is what a carrier did with one package of an order.
type carried struct {
	Carrier string         `json:"carrier_name"`
	Number  string         `json:"newest_tracking_no"`
	Tracks  []carriedEvent `json:"track_list"`
}

type carriedEvent struct {
	Code        int    `json:"action_code,omitempty"`
	Name        string `json:"action_code_name,omitempty"`
	Description string `json:"description"`
	Number      string `json:"tracking_no"`
	Millis      int64  `json:"update_time_millis"`
}

// scanNames are the words that were seen for what carriers do. Which number goes with
// which is our reading.
var scanNames = map[int]string{20101: "pkg_shipped", 30901: "pickup_success", 50101: "signed_personally"}

// getLogisticsTracking tells what carriers did with each package of an order that
// was shipped, the newest first.
func getLogisticsTracking(c *gate.Call) *gate.Failure {
	o, f := trade.FindOrder(c, c.Param(0), trade.CodeForeignOrder)
	if f != nil {
		return f
	}
	list := []carried{}
	for _, p := range trade.PackagesOf(c.Shop, o) {
		if p.TrackingNumber == "" {
			continue
		}
		one := carried{p.ProviderName, p.TrackingNumber, []carriedEvent{}}
		for _, scan := range slices.Backward(p.Scans) {
			one.Tracks = append(one.Tracks, carriedEvent{Code: scan.Code, Name: scanNames[scan.Code], Description: scan.Text, Number: p.TrackingNumber, Millis: scan.Time * 1000})
		}
		list = append(list, one)
	}
	c.JSON(struct {
		Details []carried `json:"logistics_details"`
		OrderID string    `json:"order_id"`
	}{list, o.ID})
	return nil
}
