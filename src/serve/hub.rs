//! What hubs call (WebSub): the one address here that takes anything but GET, and only where the operator turned it on. Whoever
//! does not know the token is told that there is nothing; whoever signs wrongly, or not at all, is thanked and not heeded.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::routing::{MethodRouter, get};
use futures_util::StreamExt;
use http::{HeaderMap, Response, StatusCode};
use jiff::SignedDuration;

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::problem::Problem;
use super::routes::refused;
use super::work::{Effort, Workshop};
use crate::model::{SourceSlug, Subscription};
use crate::websub::{Answered, Intent, Signed, answer, same};

/// Largest push, in bytes: as large as a feed may be. It is read piece by piece and not kept.
const MAX_PUSH_BYTES: usize = 8 << 20;
/// A source is polled at most so often because of pushes.
const PUSHES_APART: SignedDuration = SignedDuration::from_mins(1);
/// What a hub signs its pushes with.
const SIGNATURE: &str = "x-hub-signature";

/// `websub/SLUG/TOKEN`: GET asks whether we meant it, POST tells that there is something new.
pub(super) fn route() -> MethodRouter<Workshop> {
    get(async move |State(shop): State<Workshop>, asked: Asked| {
        match shop.answer(Effort::Quick, move |house| asked.check().and_then(|()| verify(house, &asked))).await {
            Ok(answer) => answer.to(&HeaderMap::new()),
            Err(problem) => refused(&shop, &HeaderMap::new(), &problem),
        }
    })
    .post(async move |State(shop): State<Workshop>, asked: Asked, request: Request| {
        match pushed(&shop, asked, request.into_body()).await {
            Ok(status) => empty(status),
            Err(problem) => refused(&shop, &HeaderMap::new(), &problem),
        }
    })
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The subscription that the path names, if its token is right.
fn named(house: &House, asked: &Asked) -> Result<(SourceSlug, Subscription), Problem> {
    if !house.config.websub.enabled {
        return Err(Problem::nothing_here());
    }
    let slug: SourceSlug = asked.word("slug").parse().map_err(|_| Problem::nothing_here())?;
    let known = house.store.subscription(&slug)?.filter(|known| same(&known.token, asked.word("token")));
    Ok((slug, known.ok_or_else(Problem::nothing_here)?))
}

/// Answers a hub that asks whether we meant it.
fn verify(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let (slug, known) = named(house, asked)?;
    let word = |name: &str| asked.parameter(name).unwrap_or_default();
    let intent = Intent {
        mode: word("hub.mode"),
        topic: word("hub.topic"),
        challenge: word("hub.challenge"),
        lease_seconds: word("hub.lease_seconds"),
    };
    match answer(&known, &intent, house.clock.now()) {
        Answered::NotOurs => return Err(Problem::nothing_here()),
        Answered::Confirmed(kept) => {
            tracing::info!(source.slug = %slug, hub.url = %kept.hub, "a hub tells of this source from now on");
            house.store.keep_subscription(&slug, Some(&kept))?;
        }
        Answered::Refused(kept) => {
            tracing::warn!(source.slug = %slug, hub.url = %kept.hub, "a hub refuses to tell of this source: {:?}", word("hub.reason"));
            house.store.keep_subscription(&slug, Some(&kept))?;
        }
        Answered::Ended => house.store.keep_subscription(&slug, None)?,
    }
    let challenge = intent.challenge.as_bytes().to_vec();
    Ok(Answer::new("text/plain; charset=utf-8", challenge, "no-store".to_owned()))
}

/// Takes a push. Its body is only compared with its signature.
async fn pushed(shop: &Workshop, asked: Asked, body: Body) -> Result<StatusCode, Problem> {
    let header = asked.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let house = shop.house();
    let (slug, known) = shop.ask(Effort::Quick, move |house| named(house, &asked)).await?;
    let mut signed = Signed::claimed(&known.secret, &header);
    let mut pieces = body.into_data_stream();
    let mut bytes = 0;
    while let Some(piece) = pieces.next().await {
        let Ok(piece): Result<Bytes, _> = piece else { return Ok(StatusCode::BAD_REQUEST) };
        bytes += piece.len();
        if bytes > MAX_PUSH_BYTES {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if let Some(signed) = &mut signed {
            signed.take(&piece);
        }
    }
    if !signed.is_some_and(Signed::is_right) {
        tracing::warn!(source.slug = %slug, hub.url = %known.hub, "a push that its hub did not sign is not heeded");
        return Ok(StatusCode::ACCEPTED);
    }
    let now = house.clock.now();
    // Many pushes are one poll: what was put off is not put off again.
    let due = known.pushed.map_or(now, |before| if before > now { before } else { now.max(before + PUSHES_APART) });
    shop.ask(Effort::Quick, move |house| {
        house.store.keep_subscription(&slug, Some(&Subscription { pushed: Some(due), ..known }))?;
        house.store.hasten_poll(&slug, due)?;
        house.pushes.put(slug, due);
        Ok(())
    })
    .await?;
    Ok(StatusCode::ACCEPTED)
}
