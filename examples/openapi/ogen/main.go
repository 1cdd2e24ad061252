// Command ogen calls a shop with the client that ogen makes.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"

	ht "github.com/ogen-go/ogen/http"

	"github.com/ttshop-go/ttshop/examples/openapi/ogen/api"
	"github.com/ttshop-go/ttshop/examples/openapi/signing"
	"github.com/ttshop-go/ttshop/sign"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "ogen:", err)
		os.Exit(1)
	}
}

// left leaves to the transport what it signs with.
type left struct{}

func (left) AccessToken(context.Context, api.OperationName) (api.AccessToken, error) {
	return api.AccessToken{}, nil
}
func (left) AppKey(context.Context, api.OperationName) (api.AppKey, error) {
	return api.AppKey{}, nil
}
func (left) Signature(context.Context, api.OperationName) (api.Signature, error) {
	return api.Signature{}, nil
}
func (left) Timestamp(context.Context, api.OperationName) (api.Timestamp, error) {
	return api.Timestamp{}, nil
}

func run(ctx context.Context) error {
	client, err := api.NewClient(os.Getenv("TTSHOP_ENDPOINT"), left{}, api.WithClient(&http.Client{Transport: signing.Transport{
		AppKey:      os.Getenv("TTSHOP_APP_KEY"),
		AccessToken: os.Getenv("TTSHOP_ACCESS_TOKEN"),
		Signer:      sign.New(os.Getenv("TTSHOP_APP_SECRET")),
	}}))
	if err != nil {
		return err
	}

	shops, err := client.AuthorizationGetAuthorizedShops(ctx)
	if err := refused(err, shops); err != nil {
		return err
	}
	cipher := shops.Data.Value.Shops[0].Cipher.Value
	active, err := client.SellerGetActiveShops(ctx)
	if err := refused(err, active); err != nil {
		return err
	}

	ids, err := walk(ctx, client, cipher)
	if err != nil {
		return err
	}
	detail, err := client.OrderGetOrderDetail(ctx, api.OrderGetOrderDetailParams{ShopCipher: cipher, Ids: ids[:2]})
	if err := refused(err, detail); err != nil {
		return err
	}
	if got := detail.Data.Value.Orders[1].ID.Value; got != ids[1] {
		return fmt.Errorf("the second order is %s, not %s", got, ids[1])
	}
	price, err := client.OrderGetPriceDetail(ctx, api.OrderGetPriceDetailParams{ShopCipher: cipher, OrderID: ids[0]})
	if err := refused(err, price); err != nil {
		return err
	}
	warehouses, err := client.LogisticsGetWarehouseList(ctx, api.LogisticsGetWarehouseListParams{ShopCipher: cipher})
	if err := refused(err, warehouses); err != nil {
		return err
	}
	statements, err := client.FinanceGetStatements(ctx, api.FinanceGetStatementsParams{ShopCipher: cipher, SortField: "statement_time"})
	if err := refused(err, statements); err != nil {
		return err
	}
	update, err := client.EventUpdateShopWebhook(ctx, &api.EventUpdateShopWebhookBody{
		Address: "https://hooks.example.com/tiktok", EventType: "ORDER_STATUS_CHANGE",
	}, api.EventUpdateShopWebhookParams{ShopCipher: cipher})
	if err := refused(err, update); err != nil {
		return err
	}
	webhooks, err := client.EventGetShopWebhooks(ctx, api.EventGetShopWebhooksParams{ShopCipher: cipher})
	if err := refused(err, webhooks); err != nil {
		return err
	}
	return upload(ctx, client, cipher)
}

// refused returns why a call failed, or nil where its code is 0.
func refused(err error, answer interface {
	GetCode() int64
	GetMessage() string
}) error {
	if err != nil {
		return err
	}
	if answer.GetCode() != 0 {
		return fmt.Errorf("%d %s", answer.GetCode(), answer.GetMessage())
	}
	return nil
}

// walk returns the ids of the orders of all pages.
func walk(ctx context.Context, client *api.Client, cipher string) ([]string, error) {
	params := api.OrderGetOrderListParams{ShopCipher: cipher, PageSize: 10}
	var ids []string
	for pages := 1; ; pages++ {
		res, err := client.OrderGetOrderList(ctx, api.OptOrderGetOrderListBody{}, params)
		if err := refused(err, res); err != nil {
			return nil, err
		}
		for _, o := range res.Data.Value.Orders {
			ids = append(ids, o.ID.Value)
		}
		next := res.Data.Value.NextPageToken.Value
		if next == "" {
			fmt.Printf("%d orders on %d pages\n", len(ids), pages)
			return ids, nil
		}
		params.PageToken = api.NewOptString(next)
	}
}

// pixel is a picture of one point.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func upload(ctx context.Context, client *api.Client, cipher string) error {
	picture, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		return err
	}
	res, err := client.CustomerServiceUploadBuyerMessagesImage(ctx, &api.CustomerServiceUploadBuyerMessagesImageBodyMultipart{
		Data: ht.MultipartFile{Name: "pixel.png", File: bytes.NewReader(picture)},
	}, api.CustomerServiceUploadBuyerMessagesImageParams{ShopCipher: cipher})
	return refused(err, res)
}
