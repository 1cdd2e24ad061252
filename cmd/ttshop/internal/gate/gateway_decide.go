package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// testOptions are the options of ttshop gateway test.
type testOptions struct {
	place
	Shop  string
	Grant string
	JSON  bool
}

func newTestCmd(sys *platform.Session) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test KEY OPERATION",
		Short: "Say what the gateway would decide, and by which rule",
		Long: `Say whether the gateway would let a key, given by its name, call an operation,
and which rule decides. Nothing is sent. The exit code is 3 if the call would be
refused. --shop names one of the shops in the token store by id, code, cipher or
name, or by its region if no other shop is there.`,
		Example: `  ttshop gateway test erp order.GetOrderList
  ttshop gateway test erp order.GetOrderList --shop 7494049642642441621 --json`,
		Args: console.Takes(2, 2, "the name of a key and an operation"),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), sys, args[0], args[1]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Shop, "shop", "", "`SHOP` that the call would be for")
	flags.StringVar(&o.Grant, "grant", "", "`OPENID` of the creator or partner that it would be for")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	o.add(flags)
	return cmd
}

func (o *testOptions) run(ctx context.Context, sys *platform.Session, name, operation string) (err error) {
	if o.Shop != "" && o.Grant != "" {
		return console.Usagef("--shop and --grant cannot be used together")
	}
	p, err := o.open(ctx, sys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	c := new(catalog.Catalog)
	book, err := policy.Open(ctx, p.keys, c)
	if err != nil {
		return err
	}
	client := book.Rules().Client(name)
	if client == nil {
		return fmt.Errorf("there is no key named %s; ttshop gateway keys list shows them", name)
	}
	entry, ok := c.ByName(operation)
	if !ok {
		return console.Usagef("there is no operation %s; ttshop ops search finds it", operation)
	}
	d := client.DecideOperation(entry.FullName())
	switch state := client.State(sys.Now()); {
	case state == "revoked":
		d = policy.Decision{Rule: policy.RuleRevoked, Key: name, Operation: d.Operation}
	case state == "expired":
		d = policy.Decision{Rule: policy.RuleExpired, Key: name, Operation: d.Operation}
	case d.Allowed && o.Grant != "":
		d = client.Decide(policy.Request{Operation: d.Operation, Grant: o.Grant})
	case d.Allowed && o.Shop != "":
		op, err := c.Describe(entry)
		if err != nil {
			return err
		}
		shop, account, err := findShop(ctx, p.grants, o.Shop)
		if err != nil {
			return err
		}
		q := policy.Request{Operation: d.Operation, Shop: shop}
		if op.ShopCipher == catalog.RuleAbsent {
			q.Account = account
		}
		d = client.Decide(q)
	}
	if o.JSON {
		err = console.WriteJSON(sys.Out, struct {
			Allowed bool        `json:"allowed"`
			Rule    policy.Rule `json:"rule"`
			Pattern string      `json:"pattern,omitempty"`
			Write   bool        `json:"write"`
			Text    string      `json:"text"`
		}{d.Allowed, d.Rule, d.Pattern, d.Write, d.String()})
	} else {
		verdict := map[bool]string{true: "Allowed", false: "Refused"}[d.Allowed]
		_, err = fmt.Fprintf(sys.Out, "%s by rule %s: %s.\n", verdict, d.Rule, d)
	}
	if err == nil && !d.Allowed {
		return &console.ExitError{Code: console.ExitRefused, Err: nil}
	}
	return err
}

// findShop returns a shop in the store by id, code, cipher or name, or by a region
// that no other shop is in, and all shops of its seller.
func findShop(ctx context.Context, store tokenstore.Store, ref string) (shop policy.Shop, account []policy.Shop, err error) {
	grants, err := store.List(ctx, "")
	if err != nil && len(grants) == 0 {
		return shop, nil, err
	}
	found := 0
	find := func(is func(tokenstore.Shop) bool) {
		for _, grant := range grants {
			for _, s := range grant.Shops {
				mine := shopOf(s)
				if !is(s) || mine == shop {
					continue
				}
				shop, account = mine, nil
				found++
				for _, other := range grant.Shops {
					account = append(account, shopOf(other))
				}
			}
		}
	}
	find(func(s tokenstore.Shop) bool { return ref == s.ID || ref == s.Code || ref == s.Cipher || ref == s.Name })
	if found == 0 {
		find(func(s tokenstore.Shop) bool { return strings.EqualFold(ref, s.Region) })
	}
	if found != 1 {
		return shop, nil, fmt.Errorf("%s in the token store with the id, code, cipher, name or region %q; ttshop shops lists them", console.Count(found, "shop"), ref)
	}
	return shop, account, nil
}

func shopOf(s tokenstore.Shop) policy.Shop {
	return policy.Shop{ID: s.ID, Code: s.Code, Name: s.Name, Region: s.Region}
}
