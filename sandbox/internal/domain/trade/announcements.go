package trade

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The types of the webhooks that orders raise.
const (
	eventOrderStatus  = 1
	eventAddress      = 3
	eventPackage      = 4
	eventCancellation = 11
	eventReturn       = 12
	eventInvoice      = 36
)

// OrderStatusChange is the data of type 1.
type OrderStatusChange struct {
	OrderID       string `json:"order_id"`
	OrderStatus   string `json:"order_status"` // CANCEL where the API says CANCELLED
	IsOnHoldOrder bool   `json:"is_on_hold_order"`
	UpdateTime    int64  `json:"update_time"`
}

// addressUpdate is the data of type 3. The address itself is to be read.
type addressUpdate struct {
	OrderID    string `json:"order_id"`
	UpdateTime int64  `json:"update_time"`
}

// PackageUpdate is the data of type 4: packages were regrouped.
type PackageUpdate struct {
	Kind       string           `json:"sc_type"`
	Role       string           `json:"role_type"`
	Packages   []packageOrderID `json:"package_list"`
	UpdateTime int64            `json:"update_time"`
}

type packageOrderID struct {
	PackageID string   `json:"package_id"`
	OrderIDs  []string `json:"order_id_list"`
}

// CancellationChange is the data of type 11.
type CancellationChange struct {
	OrderID    string `json:"order_id"`
	Role       string `json:"cancellations_role"`
	Status     string `json:"cancel_status"`
	CancelID   string `json:"cancel_id"`
	CreateTime int64  `json:"create_time"`
}

// ReturnChange is the data of type 12.
type ReturnChange struct {
	OrderID    string `json:"order_id"`
	Role       string `json:"return_role"`
	Type       string `json:"return_type"`
	Status     string `json:"return_status"`
	ReturnID   string `json:"return_id"`
	CreateTime int64  `json:"create_time"`
	UpdateTime int64  `json:"update_time"`
}

// announceOrder raises type 1. The webhook has no PARTIALLY_SHIPPING and
// spells a cancellation differently.
func announceOrder(s *world.Shop, o *Order, now int64) {
	status := o.Status
	switch status {
	case OrderPartiallyShipping:
		return
	case OrderCancelled:
		status = "CANCEL"
	}
	s.Emit(eventOrderStatus, OrderStatusChange{o.ID, status, o.IsOnHoldOrder, now})
}

func announceCancellation(s *world.Shop, c *Cancellation) {
	s.Emit(eventCancellation, CancellationChange{c.OrderID, c.Role, c.Status, c.ID, c.CreateTime})
}

func announceReturn(s *world.Shop, r *ReturnRequest) {
	s.Emit(eventReturn, ReturnChange{r.OrderID, r.Role, r.Type, r.Status, r.ID, r.CreateTime, r.UpdateTime})
}

// AnnouncePackages raises type 4. The documents name the kinds without saying
// when each is raised; their names decide here.
func AnnouncePackages(s *world.Shop, kind, role string, now int64, packages ...*Parcel) {
	update := PackageUpdate{Kind: kind, Role: role, UpdateTime: now, Packages: []packageOrderID{}}
	for _, p := range packages {
		update.Packages = append(update.Packages, packageOrderID{p.ID, p.OrderIDs()})
	}
	s.Emit(eventPackage, update)
}
