package finance

// What the tests of the books look at.
const (
	BookAffiliate              = bookAffiliate
	BookCarrier                = bookCarrier
	BookFee                    = bookFee
	BookGross                  = bookGross
	BookPlatformDiscount       = bookPlatformDiscount
	BookPlatformDiscountRefund = bookPlatformDiscountRefund
	BookRetail                 = bookRetail
	BookRetailRefund           = bookRetailRefund
	BookSellerDiscount         = bookSellerDiscount
	BookShipping               = bookShipping
	BookShippingSubsidy        = bookShippingSubsidy
	BookTax                    = bookTax
	BookTaxRefund              = bookTaxRefund
)

// MoneyBack is what a refund gives back.
type MoneyBack = moneyBack

// Functions of the books.
var (
	Bookings    = bookingsOf
	NewBooks    = newBooks
	PlatformFee = platformFee
	Sale        = saleOf
)
