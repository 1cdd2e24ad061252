<?php
// Lists orders that wait for shipment, signed with nothing but PHP's own functions.

function env(string $name): string
{
    $value = getenv($name);
    if ($value === false) {
        throw new RuntimeException("$name is not set");
    }
    return $value;
}

// The signature covers the path, the query in the order of its names, and the body,
// between two copies of the app secret.
function sign(string $secret, string $path, array $query, string $body): string
{
    ksort($query, SORT_STRING);
    $parameters = '';
    foreach ($query as $name => $value) {
        $parameters .= $name . $value;
    }
    return hash_hmac('sha256', $secret . $path . $parameters . $body . $secret, $secret);
}

function call(string $method, string $path, array $query, ?array $content = null): array
{
    $body = $content === null ? '' : json_encode($content);
    $query += ['app_key' => env('TTSHOP_APP_KEY'), 'timestamp' => (string) time()];
    $query['sign'] = sign(env('TTSHOP_APP_SECRET'), $path, $query, $body);
    $response = file_get_contents(env('TTSHOP_ENDPOINT') . $path . '?' . http_build_query($query), false, stream_context_create(['http' => [
        'method' => $method,
        'header' => ['content-type: application/json', 'x-tts-access-token: ' . env('TTSHOP_ACCESS_TOKEN')],
        'content' => $body,
        'ignore_errors' => true, // a refusal has a body too
        'timeout' => 30,
    ]]));
    if ($response === false) {
        throw new RuntimeException("$path cannot be reached");
    }
    $answer = json_decode($response, true, 512, JSON_THROW_ON_ERROR);
    if ($answer['code'] !== 0) {
        throw new RuntimeException("$path: {$answer['code']} {$answer['message']} (request {$answer['request_id']})");
    }
    return $answer['data'];
}

$found = call(
    'POST',
    '/order/202309/orders/search',
    ['shop_cipher' => env('TTSHOP_SHOP_CIPHER'), 'page_size' => '20'],
    ['order_status' => 'AWAITING_SHIPMENT'],
);
foreach ($found['orders'] as $order) {
    echo $order['id'], ' ', $order['payment']['total_amount'], ' ', $order['payment']['currency'], "\n";
}
