//! Fields. Each shows what was typed before a refusal, its problem underneath, and finds both through the form around it.

use crate::parts::form::FormState;
use leptos::prelude::*;

/// One line of text.
#[component]
pub fn TextField(
    /// The field's name in the form.
    name: &'static str,
    /// What the field is called on screen.
    #[prop(into)]
    label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `text`, `email`, `tel`, `password`, `date` or `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard a phone shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Must it be filled in?
    #[prop(optional)]
    required: bool,
    /// Does the reader begin here?
    #[prop(optional)]
    first: bool,
    /// Is it only read? Then it holds what it holds, whatever was sent.
    #[prop(optional)]
    readonly: bool,
    /// Does it show what was typed before a refusal?
    #[prop(default = true)]
    kept: bool,
    /// The smallest day or number.
    #[prop(optional, into)]
    min: Option<String>,
    /// The largest day or number.
    #[prop(optional, into)]
    max: Option<String>,
) -> impl IntoView {
    let state = FormState::here();
    let wording = Wording::new(name, label, hint, required);
    let (id, described) = (wording.id(), wording.described());
    // A password is never sent back.
    let typed = if kept && !readonly { state.typed(name) } else { None };
    let value = if kind == "password" { String::new() } else { typed.unwrap_or(value) };
    let autofocus = state.is_first_problem(name) || (first && state.no().is_none());
    view! {
        <FieldFrame wording>
            <input
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                min=min
                max=max
                readonly=readonly
                autofocus=autofocus
                aria-required=required.then_some("true")
                aria-invalid=move || state.problem(name).is_some().then_some("true")
                aria-describedby=described
            />
        </FieldFrame>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The field's name in the form.
    name: &'static str,
    /// What the field is called on screen.
    #[prop(into)]
    label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// How many lines are seen.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let state = FormState::here();
    let wording = Wording::new(name, label, hint, false);
    let (id, described) = (wording.id(), wording.described());
    let value = state.typed(name).unwrap_or(value);
    view! {
        <FieldFrame wording>
            <textarea
                id=id
                name=name
                rows=rows.to_string()
                autocomplete="off"
                aria-invalid=move || state.problem(name).is_some().then_some("true")
                aria-describedby=described
            >
                {value}
            </textarea>
        </FieldFrame>
    }
}

/// One of a few, in a list that opens.
#[component]
pub fn SelectField(
    /// The field's name in the form.
    name: &'static str,
    /// What the field is called on screen.
    #[prop(into)]
    label: String,
    /// The choices: value and words.
    options: Vec<(String, String)>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence that helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let state = FormState::here();
    let wording = Wording::new(name, label, hint, false);
    let (id, described) = (wording.id(), wording.described());
    let chosen = state.typed(name).unwrap_or(value);
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <FieldFrame wording>
            <select
                id=id
                name=name
                aria-invalid=move || state.problem(name).is_some().then_some("true")
                aria-describedby=described
            >
                {options}
            </select>
        </FieldFrame>
    }
}

/// A choice of a [`RadioGroup`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// The choice's name.
    pub label: String,
    /// What stands beside it.
    pub note: String,
    /// Can it not be chosen? The note says why.
    pub disabled: bool,
}

/// One of a few, all of them seen.
#[component]
pub fn RadioGroup(
    /// The field's name in the form.
    name: &'static str,
    /// What the group is called on screen.
    #[prop(into)]
    legend: String,
    /// The choices.
    choices: Vec<Choice>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let state = FormState::here();
    let chosen = state.typed(name).unwrap_or(value);
    let problem_id = state.id(&format!("{name}-problem"));
    let described = problem_id.clone();
    let choices = choices
        .into_iter()
        .map(|choice| {
            let (id, note_id) =
                (state.id(&format!("{name}-{}", choice.value)), state.id(&format!("{name}-{}-note", choice.value)));
            let checked = choice.value == chosen;
            let described = (!choice.note.is_empty()).then(|| note_id.clone());
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name=name
                        value=choice.value
                        checked=checked
                        disabled=choice.disabled
                        aria-describedby=described
                        aria-invalid=move || state.problem(name).is_some().then_some("true")
                    />
                    <label for=id>{choice.label}</label>
                    <small id=note_id>{choice.note}</small>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field choices" aria-describedby=described>
            <legend>{legend}</legend>
            {choices}
            <Problem name id=problem_id />
        </fieldset>
    }
}

/// A box to tick.
#[component]
pub fn CheckBox(
    /// The field's name in the form.
    name: &'static str,
    /// What is sent when it is ticked.
    #[prop(default = "yes".to_owned(), into)]
    value: String,
    /// What the box is called on screen.
    #[prop(into)]
    label: String,
    /// Is it ticked at first?
    #[prop(optional)]
    checked: bool,
    /// A sentence that helps to decide.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let state = FormState::here();
    let id = state.id(&format!("{name}-{value}"));
    let checked = state.chosen(name, &value).unwrap_or(checked);
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    view! {
        <div class="check">
            <input type="checkbox" id=id.clone() name=name value=value checked=checked aria-describedby=hint_id.clone() />
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <small id=hint_id>{hint}</small> })}
        </div>
    }
}

/// A file to send.
#[component]
pub fn FileField(
    /// The field's name in the form.
    name: &'static str,
    /// What the field is called on screen.
    #[prop(into)]
    label: String,
    /// Which files the browser offers, such as `.csv`.
    accept: &'static str,
    /// A sentence that helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Must there be one?
    #[prop(default = true)]
    required: bool,
) -> impl IntoView {
    let state = FormState::here();
    let wording = Wording::new(name, label, hint, required);
    let (id, described) = (wording.id(), wording.described());
    view! {
        <FieldFrame wording>
            <input
                id=id
                name=name
                type="file"
                accept=accept
                aria-required=required.then_some("true")
                aria-invalid=move || state.problem(name).is_some().then_some("true")
                aria-describedby=described
            />
        </FieldFrame>
    }
}

/// The words around a field.
#[derive(Clone)]
struct Wording {
    name: &'static str,
    id: String,
    label: String,
    hint: Option<String>,
    required: bool,
}

impl Wording {
    fn new(name: &'static str, label: String, hint: Option<String>, required: bool) -> Wording {
        Wording { name, id: FormState::here().id(name), label, hint: hint.filter(|hint| !hint.is_empty()), required }
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn described(&self) -> String {
        match self.hint {
            Some(_) => format!("{0}-problem {0}-hint", self.id),
            None => format!("{}-problem", self.id),
        }
    }
}

#[component]
fn FieldFrame(wording: Wording, children: Children) -> impl IntoView {
    let Wording { name, id, label, hint, required } = wording;
    let (problem_id, hint_id) = (format!("{id}-problem"), format!("{id}-hint"));
    view! {
        <div class="field" class:required=required>
            <label for=id>{label}</label>
            {children()}
            <Problem name id=problem_id />
            {hint.map(|hint| view! { <small id=hint_id>{hint}</small> })}
        </div>
    }
}

/// What is wrong with the field, in one sentence.
#[component]
pub fn Problem(
    /// The field's name in the form.
    name: &'static str,
    /// The element's id.
    id: String,
) -> impl IntoView {
    let state = FormState::here();
    view! { <p class="problem" id=id>{move || state.problem(name)}</p> }
}
