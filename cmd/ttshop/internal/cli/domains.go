package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
)

// operationsGroup is the group of the commands that come from the catalogue.
const operationsGroup = "operations"

// domains lists the domains of the catalogue with a line about each, so that
// the commands for them cost next to nothing before one is asked for.
func domains() []row {
	return []row{
		{"affiliate", "A creator's LIVE rooms and showcase"},
		{"affiliate_creator", "Creators: collaborations, samples, links"},
		{"affiliate_partner", "Affiliate partners: campaigns and their orders"},
		{"affiliate_seller", "Sellers with creators: collaborations, chat"},
		{"analytics", "How shop, products, videos and LIVEs perform"},
		{"authorization", "Shops and assets that a token opens"},
		{"customer_engagement", "Messages to groups of buyers"},
		{"customer_service", "Conversations with buyers"},
		{"data_reconciliation", "Comparing orders with outside channels"},
		{"epharmacy", "Prescriptions and pharmacies"},
		{"event", "Webhook addresses of a shop"},
		{"fbt", "Goods, stock and orders fulfilled by TikTok"},
		{"finance", "Statements, payments, transactions, tax"},
		{"fulfillment", "Packages, labels, shipping, delivery"},
		{"gs_full_service_commodity", "Global selling: products of suppliers"},
		{"gs_full_service_inventory", "Global selling: virtual stock"},
		{"gs_full_service_shipment", "Global selling: stock-up and delivery orders"},
		{"logistics", "Warehouses, carriers, delivery options"},
		{"order", "Orders and their prices"},
		{"product", "Products, stock, prices, categories, images"},
		{"promotion", "Discounts, flash deals, coupons"},
		{"return_refund", "Returns, refunds, cancellations"},
		{"review_rating", "Importing product reviews"},
		{"seller", "The seller's shops, permissions and status"},
		{"supply_chain", "Shipments confirmed by warehouse services"},
	}
}

// addDomains adds commands for domains. What is below them comes with
// growOperations.
func addDomains(root *cobra.Command, domains []row) {
	root.AddGroup(&cobra.Group{ID: operationsGroup, Title: "Operations, by domain:"})
	for _, domain := range domains {
		name := dashed(domain.label)
		cmd := group(&cobra.Command{Use: name, Short: domain.value, Example: "  ttshop ops list " + name, GroupID: operationsGroup})
		if name != domain.label {
			cmd.Aliases = []string{domain.label}
		}
		root.AddCommand(cmd)
	}
}

// growOperations builds the commands below the domains that the arguments
// name, and the flags of the operations that they name. So it serves runs,
// help and completion alike.
func growOperations(root *cobra.Command, sys *System, args []string) error {
	known := new(catalog.Catalog)
	for _, domain := range root.Commands() {
		if domain.GroupID != operationsGroup || !named(domain, args) {
			continue
		}
		domain.Long = domain.Short + "."
		for _, f := range families(known, strings.ReplaceAll(domain.Name(), "-", "_")) {
			cmd := &cobra.Command{Use: kebab(f.name), Aliases: []string{f.name}, Short: f.short()}
			if named(cmd, args) {
				if err := fillOperation(cmd, sys, known, f, args); err != nil {
					return err
				}
			} else {
				cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() } // only listed
			}
			domain.AddCommand(cmd)
		}
	}
	return nil
}

// named reports whether the arguments hold the name of cmd.
func named(cmd *cobra.Command, args []string) bool {
	for _, arg := range args {
		if arg == cmd.Name() || cmd.HasAlias(arg) {
			return true
		}
	}
	return false
}
