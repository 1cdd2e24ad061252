package pages

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/finance"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type financeData struct {
	Shops      []webShop
	Shop       world.Identity
	Currency   string
	Page       webPage
	Statements []finance.StatementSummary
	Open       int
}

func (s *Site) financeView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := financeData{Shops: shops, Shop: shop.Identity, Currency: shop.Market.Currency}
	ledger := s.ledger(shop)
	data.Open = len(ledger.Open)
	var from, to int
	from, to, data.Page = pageOf(len(ledger.Statements), query.Get("page"), func(page string) string {
		return webLink("finance", "shop", query.Get("shop"), "page", page)
	})
	data.Statements = ledger.Statements[from:to]
	return view{template: "finance", title: "Finance of " + shop.Name, data: data}
}

func (s *Site) ledger(shop *world.Shop) finance.Ledger {
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	return finance.LedgerOf(shop, s.Clock.Now().Unix())
}

// openStatement stands for the id of a statement: what is on none yet.
const openStatement = "open"

type statementData struct {
	Shop      world.Identity
	Currency  string
	Statement finance.StatementSummary
	Open      bool // what is on no statement yet
	Page      webPage
	Rows      []finance.TransactionSummary
}

func (s *Site) statementView(r *http.Request) view {
	shop := s.State.Load().World.ShopByID(r.PathValue("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	id := r.PathValue("id")
	data := statementData{Shop: shop.Identity, Currency: shop.Market.Currency, Open: id == openStatement}
	ledger := s.ledger(shop)
	title := "What is not settled yet"
	if data.Open {
		data.Statement.Transactions = ledger.Open
	} else {
		i := slices.IndexFunc(ledger.Statements, func(st finance.StatementSummary) bool { return st.ID == id })
		if i < 0 {
			return notFound("The shop has no such statement.")
		}
		data.Statement, title = ledger.Statements[i], "Statement "+id
	}
	var from, to int
	from, to, data.Page = pageOf(len(data.Statement.Transactions), r.URL.Query().Get("page"), func(page string) string {
		return webLink("finance/"+shop.ID+"/"+pathSegment(id), "page", page)
	})
	data.Rows = data.Statement.Transactions[from:to]
	return view{template: "statement", title: title, data: data}
}
