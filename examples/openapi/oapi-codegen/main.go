// Command oapi-codegen calls a shop with the client that oapi-codegen makes.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"

	"github.com/ttshop-go/ttshop/examples/openapi/oapi-codegen/api"
	"github.com/ttshop-go/ttshop/examples/openapi/signing"
	"github.com/ttshop-go/ttshop/sign"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "oapi-codegen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	client, err := api.NewClientWithResponses(os.Getenv("TTSHOP_ENDPOINT"), api.WithHTTPClient(&http.Client{Transport: signing.Transport{
		AppKey:      os.Getenv("TTSHOP_APP_KEY"),
		AccessToken: os.Getenv("TTSHOP_ACCESS_TOKEN"),
		Signer:      sign.New(os.Getenv("TTSHOP_APP_SECRET")),
	}}))
	if err != nil {
		return err
	}

	shops, err := client.AuthorizationGetAuthorizedShopsWithResponse(ctx)
	if err := refused(err, shops); err != nil {
		return err
	}
	cipher := *(*shops.JSON200.Data.Shops)[0].Cipher

	active, err := client.SellerGetActiveShopsWithResponse(ctx)
	if err := refused(err, active); err != nil {
		return err
	}

	ids, err := walk(ctx, client, cipher)
	if err != nil {
		return err
	}
	detail, err := client.OrderGetOrderDetailWithResponse(ctx, &api.OrderGetOrderDetailParams{ShopCipher: cipher, Ids: ids[:2]})
	if err := refused(err, detail); err != nil {
		return err
	}
	if got := *(*detail.JSON200.Data.Orders)[1].Id; got != ids[1] {
		return fmt.Errorf("the second order is %s, not %s", got, ids[1])
	}
	price, err := client.OrderGetPriceDetailWithResponse(ctx, ids[0], &api.OrderGetPriceDetailParams{ShopCipher: cipher})
	if err := refused(err, price); err != nil {
		return err
	}
	warehouses, err := client.LogisticsGetWarehouseListWithResponse(ctx, &api.LogisticsGetWarehouseListParams{ShopCipher: cipher})
	if err := refused(err, warehouses); err != nil {
		return err
	}
	statements, err := client.FinanceGetStatementsWithResponse(ctx, &api.FinanceGetStatementsParams{ShopCipher: cipher, SortField: "statement_time"})
	if err := refused(err, statements); err != nil {
		return err
	}
	update, err := client.EventUpdateShopWebhookWithResponse(ctx, &api.EventUpdateShopWebhookParams{ShopCipher: cipher}, api.EventUpdateShopWebhookBody{
		Address: "https://hooks.example.com/tiktok", EventType: "ORDER_STATUS_CHANGE",
	})
	if err := refused(err, update); err != nil {
		return err
	}
	webhooks, err := client.EventGetShopWebhooksWithResponse(ctx, &api.EventGetShopWebhooksParams{ShopCipher: cipher})
	if err := refused(err, webhooks); err != nil {
		return err
	}
	return upload(ctx, client, cipher)
}

// refused returns why a call failed, or nil where its code is 0.
func refused(err error, answer interface{ GetBody() []byte }) error {
	if err != nil {
		return err
	}
	var envelope api.Envelope
	if err := json.Unmarshal(answer.GetBody(), &envelope); err != nil {
		return fmt.Errorf("an answer without envelope: %w", err)
	}
	if envelope.Code != 0 {
		return fmt.Errorf("%d %s", envelope.Code, envelope.Message)
	}
	return nil
}

// walk returns the ids of the orders of all pages.
func walk(ctx context.Context, client *api.ClientWithResponses, cipher string) ([]string, error) {
	params := &api.OrderGetOrderListParams{ShopCipher: cipher, PageSize: 10}
	var ids []string
	for pages := 1; ; pages++ {
		res, err := client.OrderGetOrderListWithResponse(ctx, params, api.OrderGetOrderListBody{})
		if err := refused(err, res); err != nil {
			return nil, err
		}
		for _, o := range *res.JSON200.Data.Orders {
			ids = append(ids, *o.Id)
		}
		next := res.JSON200.Data.NextPageToken
		if next == nil || *next == "" {
			fmt.Printf("%d orders on %d pages\n", len(ids), pages)
			return ids, nil
		}
		params.PageToken = next
	}
}

// pixel is a picture of one point.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func upload(ctx context.Context, client *api.ClientWithResponses, cipher string) error {
	picture, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("data", "pixel.png")
	if err != nil {
		return err
	}
	if _, err := file.Write(picture); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	params := &api.CustomerServiceUploadBuyerMessagesImageParams{ShopCipher: cipher}
	res, err := client.CustomerServiceUploadBuyerMessagesImageWithBodyWithResponse(ctx, params, form.FormDataContentType(), &body)
	return refused(err, res)
}
