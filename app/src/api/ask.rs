//! How a page's call travels: the arguments as the query of a GET, the answer as JSON. On the server it is leptos's own way
//! (`GetUrl`, `Json`); in the browser all calls share one function, where leptos would compile fetching anew for each of them.

use super::Error;
use leptos::server_fn::{
    Protocol,
    client::Client,
    codec::{FromReq, GetUrl, IntoRes, Json},
    server::Server,
};
use serde::{Serialize, de::DeserializeOwned};

/// The protocol of every call: `#[server(protocol = Ask)]`.
pub struct Ask;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, Error> for Ask
where
    Input: Serialize + FromReq<GetUrl, S::Request, Error> + Send,
    Output: IntoRes<Json, S::Response, Error> + DeserializeOwned + Send,
    C: Client<Error>,
    S: Server<Error>,
{
    const METHOD: http::Method = http::Method::GET;

    async fn run_server<F, Fut>(request: S::Request, call: F) -> Result<S::Response, Error>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, Error>> + Send,
    {
        let input = Input::from_req(request).await?;
        let output = call(input).await?;
        output.into_res().await
    }

    #[cfg(feature = "hydrate")]
    async fn run_client(path: &str, input: Input) -> Result<Output, Error> {
        let query = serde_qs::to_string(&input).map_err(|_| Error::Unreachable)?;
        let answer = browser::fetch(format!("{path}?{query}")).await?;
        crate::json::read(&answer).map_err(|_| Error::Unreachable)
    }

    #[cfg(not(feature = "hydrate"))]
    async fn run_client(_: &str, _: Input) -> Result<Output, Error> {
        Err(Error::Unreachable)
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::Error;
    use gloo_net::http::Request;
    use send_wrapper::SendWrapper;
    use std::pin::Pin;
    use web_sys::AbortController;

    /// The text of an answer, or the refusal it holds. Whoever stops waiting for it ends the request.
    pub fn fetch(address: String) -> Pin<Box<dyn Future<Output = Result<String, Error>> + Send>> {
        Box::pin(SendWrapper::new(async move {
            let ends = Ends(AbortController::new().ok());
            let signal = ends.0.as_ref().map(AbortController::signal);
            let request = Request::get(&address).header("accept", "application/json").abort_signal(signal.as_ref());
            let response = request.send().await.map_err(|_| Error::Unreachable)?;
            let text = response.text().await.map_err(|_| Error::Unreachable)?;
            match response.status() {
                400.. => Err(crate::json::read(&text).unwrap_or(Error::Unreachable)),
                _ => Ok(text),
            }
        }))
    }

    /// To end a request that has been answered changes nothing.
    struct Ends(Option<AbortController>);

    impl Drop for Ends {
        fn drop(&mut self) {
            if let Some(controller) = &self.0 {
                controller.abort();
            }
        }
    }
}
