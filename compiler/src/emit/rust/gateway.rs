//! The gateway's own module: what it listens at and calls, its builder, its routes.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::context::Context;
use super::endpoint;
use super::layout::{self, docs};
use super::names::{self, Namer};
use super::scalar::{duration, number};
use super::service;
use super::settings::{self, ReadSetting};
use super::{Module, types};
use crate::model::{Config, ServiceId};

/// Writes the root module and all below it.
pub(super) fn module(context: &Context<'_>) -> Module {
    let (endpoints, endpoints_name_types) = endpoints(context);
    let (services, services_name_types) = services(context);
    let types = types::module(context);
    let gateway = &context.model().gateway;
    let runtime = &context.options.runtime;
    let root = Root { context, name: names::ident(&context.names.gateway), services: service_statics(context) };
    let mut docs = vec![format!("The gateway `{}`, from {}.", gateway.name, context.line(gateway.origin))];
    if !gateway.docs.is_empty() {
        docs.push(String::new());
        docs.extend(gateway.docs.iter().cloned());
    }
    let _ = endpoints_name_types || services_name_types;
    Module {
        name: context.names.module.clone(),
        docs,
        imports: quote! { use #runtime as gw; },
        items: root.items(),
        children: [Some(endpoints), services, types].into_iter().flatten().collect(),
    }
}

fn endpoints(context: &Context<'_>) -> (Module, bool) {
    let modules: Vec<(Module, bool)> =
        (0..context.plan.endpoints.len()).map(|index| endpoint::module(context, index)).collect();
    let names_types = modules.iter().any(|(_, names_types)| *names_types);
    let types = names_types.then(|| quote! { , types });
    let module = Module {
        name: "endpoints".to_owned(),
        docs: vec![format!("The endpoints of {}.", context.model().gateway.name)],
        imports: if modules.is_empty() {
            TokenStream::new()
        } else {
            quote! { use super::{Services, gw #types}; }
        },
        items: TokenStream::new(),
        children: modules.into_iter().map(|(module, _)| module).collect(),
    };
    (module, names_types)
}

fn services(context: &Context<'_>) -> (Option<Module>, bool) {
    let ids = (0..context.model().services.len()).map(ServiceId);
    let modules: Vec<(Module, bool)> = ids.map(|id| service::module(context, id)).collect();
    if modules.is_empty() {
        return (None, false);
    }
    let names_types = modules.iter().any(|(_, names_types)| *names_types);
    let import = if names_types {
        quote! { use super::{gw, types}; }
    } else {
        quote! { use super::gw; }
    };
    let module = Module {
        name: "services".to_owned(),
        docs: vec![format!("The services that {} calls.", context.model().gateway.name)],
        imports: import,
        items: TokenStream::new(),
        children: modules.into_iter().map(|(module, _)| module).collect(),
    };
    (Some(module), names_types)
}

/// The names of the services' statics.
fn service_statics(context: &Context<'_>) -> Vec<Ident> {
    let mut namer = Namer::reserving(["GATEWAY"]);
    let modules = &context.names.service_modules;
    modules.iter().map(|module| names::ident(&namer.pick(&names::screaming(module)))).collect()
}

struct Root<'c, 'a> {
    context: &'c Context<'a>,
    name: Ident,
    /// The statics of the services.
    services: Vec<Ident>,
}

impl Root<'_, '_> {
    fn items(&self) -> TokenStream {
        let statics: Vec<String> = self.services.iter().map(Ident::to_string).collect();
        let taken = statics.iter().map(String::as_str).chain(["GATEWAY"]);
        let settings = settings::of_endpoints(self.context, taken);
        let version = docs(["The compiler that wrote this and the runtime must be of one version."]);
        let mut items = vec![quote! { #version const _: gw::V0_1 = gw::V0_1; }, self.gateway(&settings)];
        items.extend(self.service_items());
        items.extend(settings.iter().map(ReadSetting::item));
        items.extend([self.services_struct(), self.builder(&settings), self.gateway_struct(&settings)]);
        layout::spaced(items)
    }

    /// `pub static GATEWAY: gw::Gateway = …;`
    fn gateway(&self, settings: &[ReadSetting]) -> TokenStream {
        let gateway = &self.context.model().gateway;
        let (name, health) = (&gateway.name, &gateway.health.value);
        let listen = setting_text("listen", &gateway.listen.value);
        let endpoints = self.endpoint_idents();
        let services = &self.services;
        let own = settings.iter().map(|setting| {
            let constant = &setting.constant;
            quote! { &#constant }
        });
        let of_services = (0..self.services.len()).map(ServiceId).flat_map(|id| {
            let module = self.context.service_module(id);
            settings::of_service(self.context, id).into_iter().map(move |setting| {
                let constant = setting.constant;
                quote! { &services::#module::#constant }
            })
        });
        let settings = own.chain(of_services);
        let limits = self.limits();
        let doc = docs([format!("{} as its file declares it.", gateway.name).as_str()]);
        quote! {
            #doc
            pub static GATEWAY: gw::Gateway = gw::Gateway {
                name: #name,
                listen: #listen,
                health: Some(#health),
                endpoints: &[#(&endpoints::#endpoints::ENDPOINT),*],
                services: &[#(&#services),*],
                settings: &[#(#settings),*],
                limits: #limits,
            };
        }
    }

    fn endpoint_idents(&self) -> Vec<Ident> {
        let names = self.context.names.endpoints.iter().zip(&self.context.plan.endpoints);
        names.map(|(name, plan)| self.context.ident(name, plan.head.origin)).collect()
    }

    fn limits(&self) -> TokenStream {
        let limits = &self.context.model().gateway.limits;
        if limits.is_empty() {
            return quote! { gw::Limits::DEFAULT };
        }
        let members = limits.iter().map(|(name, value)| {
            let name_ident = names::ident(name);
            if is_duration(name) {
                let value = duration(*value);
                quote! { #name_ident: #value, }
            } else {
                let value = number(&value.to_string());
                quote! { #name_ident: #value, }
            }
        });
        quote! { gw::Limits { #(#members)* ..gw::Limits::DEFAULT } }
    }

    fn service_items(&self) -> Vec<TokenStream> {
        let services = self.context.model().services.iter().zip(&self.services);
        services
            .map(|(service, constant)| {
                let name = &service.name;
                let addresses = service.addresses.iter().map(|address| setting_text("address", address));
                let connect = match &service.connect.value {
                    Config::Literal(millis) => setting_text("duration", &Config::Literal(format!("{millis}ms"))),
                    Config::Env { name, default } => {
                        let default = default.map(|millis| format!("{millis}ms"));
                        setting_text("duration", &Config::Env { name: name.clone(), default })
                    }
                };
                let doc = docs([format!("Where `{name}` is.").as_str()]);
                quote! {
                    #doc
                    pub static #constant: gw::Service = gw::Service {
                        name: #name,
                        addresses: &[#(#addresses),*],
                        connect: #connect,
                    };
                }
            })
            .collect()
    }

    fn service_fields(&self) -> Vec<(Ident, TokenStream)> {
        (0..self.services.len())
            .map(ServiceId)
            .map(|id| {
                let (module, ty) = (self.context.service_module(id), self.context.service_type(id));
                (module.clone(), quote! { services::#module::#ty })
            })
            .collect()
    }

    fn services_struct(&self) -> TokenStream {
        let fields =
            self.service_fields().into_iter().zip(&self.context.model().services).map(|((field, ty), service)| {
                let doc = docs([format!("`{}`", service.name).as_str()]);
                quote! { #doc pub #field: #ty, }
            });
        let doc = docs(["The services, as the crate's own code can call them."]);
        quote! {
            #doc
            #[derive(Debug, Clone)]
            pub struct Services { #(#fields)* }
        }
    }

    fn builder(&self, settings: &[ReadSetting]) -> TokenStream {
        let name = &self.name;
        let title = &self.context.model().gateway.name;
        let doc = docs([format!("Sets up {title}.").as_str()]);
        let from_env = quote! {
            /// Reads the environment; every variable that is missing or malformed is named in the error.
            pub fn from_env(mut self) -> Result<Self, gw::ConfigError> {
                self.config.read_environment()?;
                Ok(self)
            }
        };
        let methods =
            layout::spaced(std::iter::once(from_env).chain(self.address_methods()).chain([self.build(settings)]));
        layout::spaced([
            quote! {
                #doc
                #[derive(Debug, Clone)]
                pub struct Builder { config: gw::Config }
            },
            quote! { impl Builder { #methods } },
            quote! {
                impl gw::Serve for Builder {
                    fn config(&mut self) -> &mut gw::Config {
                        &mut self.config
                    }

                    fn router(self) -> Result<gw::Router, gw::ConfigError> {
                        Ok(self.build()?.router())
                    }
                }
            },
            quote! {
                impl Default for Builder {
                    fn default() -> Self {
                        #name::builder()
                    }
                }
            },
        ])
    }

    /// `store_url`, which says in code where a service is.
    fn address_methods(&self) -> Vec<TokenStream> {
        let mut namer = Namer::reserving(["from_env", "build"]);
        let services =
            self.context.model().services.iter().zip(&self.services).zip(&self.context.names.service_modules);
        services
            .map(|((service, constant), module)| {
                let method = names::ident(&namer.pick(&format!("{module}_url")));
                let doc =
                    docs(
                        [format!("Calls `{}` at this address, whatever the environment says.", service.name).as_str()],
                    );
                quote! {
                    #doc
                    #[must_use]
                    pub fn #method(mut self, url: impl Into<String>) -> Self {
                        self.config.set_address(&#constant, url);
                        self
                    }
                }
            })
            .collect()
    }

    fn build(&self, settings: &[ReadSetting]) -> TokenStream {
        let name = &self.name;
        let services =
            self.service_fields().into_iter().enumerate().zip(&self.services).map(|((id, (field, ty)), constant)| {
                let settings = settings::of_service(self.context, ServiceId(id)).into_iter().map(|setting| {
                    let (method, constant) = (setting.method(), setting.constant);
                    quote! { , config.#method(&services::#field::#constant) }
                });
                quote! { #field: #ty::new(config.upstream(&#constant) #(#settings)*), }
            });
        let reads = settings.iter().map(|setting| {
            let (field, method, constant) = (&setting.field, setting.method(), &setting.constant);
            quote! { let #field = config.#method(&#constant); }
        });
        let fields = settings.iter().map(|setting| &setting.field);
        let mutable = (!self.services.is_empty() || !settings.is_empty()).then(|| quote! { mut });
        let doc = docs(["The gateway, ready to serve."]);
        quote! {
            #doc
            pub fn build(self) -> Result<#name, gw::ConfigError> {
                let #mutable config = self.config;
                let services = Services { #(#services)* };
                #(#reads)*
                let runtime = config.finish()?;
                Ok(#name { services: gw::Arc::new(services), runtime #(, #fields)* })
            }
        }
    }

    fn gateway_struct(&self, settings: &[ReadSetting]) -> TokenStream {
        let name = &self.name;
        let title = &self.context.model().gateway.name;
        let doc = docs([format!("The gateway {title}.").as_str()]);
        let members = settings.iter().map(|setting| {
            let (field, ty) = (&setting.field, setting.ty());
            quote! { #field: #ty, }
        });
        let routes = self.endpoint_idents().into_iter().zip(&self.context.plan.endpoints).map(|(endpoint, plan)| {
            let reads = [
                (quote! { timeout }, settings::endpoint_timeout_read(plan)),
                (quote! { body_limit }, settings::body_read(plan)),
            ];
            let reads = reads.into_iter().filter_map(|(method, read)| {
                let field = &settings.iter().find(|setting| Some(&setting.read) == read.as_ref())?.field;
                Some(quote! { .#method(self.#field) })
            });
            quote! {
                gw::route(&endpoints::#endpoint::ENDPOINT, &self.services, endpoints::#endpoint::handle) #(#reads)*,
            }
        });
        let methods = layout::spaced([
            quote! {
                /// Sets it up: `from_env()` reads the environment, `build()` makes it.
                pub fn builder() -> Builder {
                    Builder { config: gw::Config::new(&GATEWAY) }
                }
            },
            quote! {
                /// The services, as the crate's own code can call them.
                pub fn services(&self) -> &Services {
                    &self.services
                }
            },
            quote! {
                /// Its routes, to be served, or merged or nested in another router.
                pub fn router(&self) -> gw::Router {
                    gw::router(&self.runtime, [#(#routes)*])
                }
            },
        ]);
        layout::spaced([
            quote! {
                #doc
                #[derive(Debug, Clone)]
                pub struct #name { services: gw::Arc<Services>, runtime: gw::Runtime, #(#members)* }
            },
            quote! { impl #name { #methods } },
        ])
    }
}

/// `gw::Setting::address(Some("STORE_URL"), Some("http://…"))`
fn setting_text(kind: &str, config: &Config<String>) -> TokenStream {
    let kind = format_ident!("{kind}");
    match config {
        Config::Literal(value) => quote! { gw::Setting::#kind(None, Some(#value)) },
        Config::Env { name, default: Some(value) } => quote! { gw::Setting::#kind(Some(#name), Some(#value)) },
        Config::Env { name, default: None } => quote! { gw::Setting::#kind(Some(#name), None) },
    }
}

/// Whether a bound of the server is a time.
fn is_duration(name: &str) -> bool {
    matches!(name, "first_byte" | "header" | "body" | "write" | "idle" | "age" | "drain")
}
