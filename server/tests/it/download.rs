//! The address of a table: for whom it is good, for how long, and how the table is sent.

use std::time::Duration;

use serde_json::{Value, json};

use crate::export::{EXPORT, input};
use crate::served::{PASSWORD, Served, SignedIn};

async fn asks(served: &Served, person: &SignedIn, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables });
    served.posts(&body, Some(&person.token)).await.json::<Value>().await.unwrap()["data"].clone()
}

async fn address(served: &Served, person: &SignedIn) -> String {
    let data = asks(served, person, EXPORT, input(&json!({}))).await;
    data["statisticsExport"]["url"].as_str().unwrap().to_owned()
}

async fn status(served: &Served, url: &str, person: Option<&SignedIn>) -> u16 {
    let request = served.client.get(url);
    let request = match person {
        Some(person) => request.bearer_auth(&person.token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_comes_as_a_file_that_is_kept_nowhere() {
    let served = Served::start().await;
    let olga = served.registers("Ольга Админова").await;
    let url = address(&served, &olga).await;
    assert!(url.starts_with(&served.url("/download/")), "{url}");
    let answer = served.client.get(&url).bearer_auth(&olga.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"statistics_2026-11-24_2026-11-30.csv\"; \
         filename*=UTF-8''%D0%A1%D1%82%D0%B0%D1%82%D0%B8%D1%81%D1%82%D0%B8%D0%BA%D0%B0%5F2026%2D11%2D24%5F2026%2D11%2D30%2Ecsv"
    );
    assert!(answer.text().await.unwrap().contains("Номер;Задача;"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_for_one_person_as_they_were_and_for_five_minutes() {
    let served = Served::start().await;
    let (olga, vera) = (served.registers("Ольга Админова").await, served.registers("Вера Другова").await);
    let becomes = async |role: &str| {
        let change = "mutation ($id: ID!, $role: Role!) { userRoleChange(id: $id, role: $role) { userErrors { code } } }";
        asks(&served, &olga, change, json!({ "id": vera.id, "role": role })).await;
    };
    becomes("SUPERVISOR").await;
    let (hers, others) = (address(&served, &vera).await, address(&served, &olga).await);
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200, "as often as she likes");
    assert_eq!(status(&served, &others, Some(&vera)).await, 403, "another's");
    assert_eq!(status(&served, &hers, Some(&olga)).await, 403, "an administrator is not her");
    assert_eq!(status(&served, &hers, None).await, 403, "who has found it");
    let parts = |url: &str| {
        let (place, token) = url.rsplit_once('/').unwrap();
        let (said, signature) = token.split_once('.').unwrap();
        (format!("{place}/{said}"), signature.to_owned())
    };
    let ((said, signature), (_, of_another)) = (parts(&hers), parts(&others));
    for tampered in [format!("{said}.{of_another}"), said.clone(), format!("{said}x.{signature}")] {
        assert_eq!(status(&served, &tampered, Some(&vera)).await, 403, "{tampered}");
    }
    becomes("ADMIN").await;
    assert_eq!(status(&served, &hers, Some(&vera)).await, 403, "she is not what she was");
    becomes("SUPERVISOR").await;
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    served.app.clock.advance(Duration::from_secs(5 * 60 - 1));
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    let fresh = address(&served, &vera).await;
    served.app.clock.advance(Duration::from_secs(1));
    assert_eq!(status(&served, &hers, Some(&vera)).await, 403, "five minutes are over");
    assert_eq!(status(&served, &fresh, Some(&vera)).await, 200);
    let disable = "mutation ($id: ID!) { userActiveChange(id: $id, active: false) { userErrors { code } } }";
    asks(&served, &olga, disable, json!({ "id": vera.id })).await;
    assert_eq!(status(&served, &fresh, Some(&vera)).await, 403, "she is disabled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_opens_it_with_its_cookie_which_stays_good() {
    let served = Served::start().await;
    let register = json!({
        "query": "mutation ($input: RegisterInput!) { register(input: $input) { accessToken viewer { id } } }",
        "variables": { "input": { "name": "Ольга", "email": "olga@example.ru", "password": PASSWORD } },
    });
    let answer = served.posts(&register, None).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session: Value = answer.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let registered = &session["data"]["register"];
    let olga = SignedIn { id: text(&registered["viewer"]["id"]), token: text(&registered["accessToken"]) };
    let url = address(&served, &olga).await;
    let opens = async |cookie: &str| {
        served.client.get(&url).header("cookie", cookie).send().await.unwrap().status().as_u16()
    };
    assert_eq!(opens(&cookie).await, 200);
    assert_eq!(opens("vekha_refresh=somebody").await, 403);
    let refreshed = served
        .client
        .post(served.url("/graphql"))
        .header("cookie", &cookie)
        .json(&json!({ "query": "mutation { refresh { accessToken userErrors { code } } }" }))
        .send()
        .await
        .unwrap();
    let next = refreshed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(next, cookie, "opening an address does not use the token up");
    assert_eq!(opens(&next).await, 200);
    assert_eq!(opens(&cookie).await, 200, "for as long as its successor may not have arrived");
    served.app.clock.advance(Duration::from_secs(11));
    assert_eq!(opens(&cookie).await, 200, "however late: nobody has used what follows it");
    asks(&served, &olga, "mutation { logout { userErrors { code } } }", Value::Null).await;
    assert_eq!(opens(&next).await, 403, "after signing out");
    assert_eq!(opens(&cookie).await, 403, "as for the one before");
}
