package local

import (
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/sandbox"
)

// bindSwitches binds the switches that decide what the sources leave open; the
// guide to the sandbox has a table of them.
func bindSwitches(flags *pflag.FlagSet, c *sandbox.Config) {
	flags.StringVar((*string)(&c.RefreshRotation), "refresh-rotation", string(sandbox.RotationLenient), "`HOW` a refresh treats the refresh token: off keeps it, lenient issues a new one, strict also ends the old one")
	flags.StringVar((*string)(&c.WebhookOrder), "webhook-order", string(sandbox.WebhooksInOrder), "`ORDER` of deliveries: in_order, or shuffled, as they may come from the platform")
	flags.BoolVar(&c.LenientCipher, "lenient-cipher", false, "take a shop cipher on operations that need none; the platform refuses it")
	flags.BoolVar(&c.StrictUserType, "strict-user-type", false, "refuse the seller's token on operations for partners or creators, as the platform does")
	flags.BoolVar(&c.StrictRefreshGrant, "strict-refresh-grant", false, "refuse grant_type=authorized_code on a refresh")
	flags.BoolVar(&c.StrictBodies, "strict-bodies", false, "refuse null, [] and empty lists in the place of objects, which otherwise count as empty")
	flags.BoolVar(&c.StrictQuantity, "strict-quantity", false, "refuse 0 as a stock")
	flags.BoolVar(&c.RetireSunsets, "retire-sunsets", false, "let operations end on their announced day")
	flags.BoolVar(&c.OldestOrdersFirst, "oldest-orders-first", false, "begin with the oldest order where a search names no sort_order")
	flags.BoolVar(&c.BareInventoryEvents, "bare-inventory-events", false, "send webhooks of type 68 without an envelope, as documented")
	flags.IntVar(&c.ListingsPerDay, "listings-per-day", 0, "`NUMBER` of products that a shop may create on a day of UTC; the platform grants new shops 300, 0 means any number")
	flags.Var((*listRules)(&c.Lists), "list", "`RULE` for lists, such as order.*:paging=offset,lag=30s or jitter=1m,late=old,total=-2: pages by key or offset, how late changes show, how far totals are off; repeatable, the last rule wins")
	flags.BoolVar(&c.OrderDetailFields, "order-detail-fields", false, "give the details of orders four fields about the payment that lists lack")
	flags.IntVar(&c.BlankAddressDays, "blank-address-days", 0, "age in `DAYS` from which orders have no address; 0 means never")
	flags.DurationVar(&c.AuditDelay, "audit-delay", 0, "`DURATION` of the review of a product; negative: it never ends")
}
